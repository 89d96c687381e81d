#include "tests/scenario/phrases.h"

#include <criterion/criterion.h>
#include <string.h>

/* A word "<name>" sets that field; "*" is whoever does it, for the assignment meant. The first that
 * fits counts. */
static const struct phrase {
    const char *words[6];
    uint16_t code;
} phrases[] = {
    {{"queue", "<name>", "goes"}, ACD_COMMAND_queue_remove},
    {{"queue", "<name>", "drains"}, ACD_COMMAND_queue_drain},
    {{"agent", "<name>", "device", "<device>"}, ACD_COMMAND_device_set},
    {{"agent", "<name>", "begins", "<key>"}, ACD_COMMAND_outside_begin},
    {{"agent", "<name>", "ends", "<key>"}, ACD_COMMAND_outside_end},
    {{"agent", "<name>", "drains"}, ACD_COMMAND_agent_drain},
    {{"agent", "<name>", "is", "freed"}, ACD_COMMAND_agent_free},
    {{"queue", "<name>"}, ACD_COMMAND_queue_set},
    {{"number", "<number>", "leads", "to", "<queue_name>"}, ACD_COMMAND_number_set},
    {{"number", "<number>", "ends"}, ACD_COMMAND_number_remove},
    {{"calendar", "<name>", "goes"}, ACD_COMMAND_calendar_remove},
    {{"calendar", "<calendar>", "has", "<time>"}, ACD_COMMAND_calendar_time_set},
    {{"calendar", "<calendar>", "loses", "<time>"}, ACD_COMMAND_calendar_time_remove},
    {{"calendar", "<name>"}, ACD_COMMAND_calendar_set},
    {{"agent", "<name>", "goes"}, ACD_COMMAND_agent_remove},
    {{"agent", "<agent_name>", "joins", "<queue_name>"}, ACD_COMMAND_member_set},
    {{"agent", "<agent_name>", "leaves", "<queue_name>"}, ACD_COMMAND_member_remove},
    {{"agent", "<agent_name>", "learns", "<skill>"}, ACD_COMMAND_skill_set},
    {{"agent", "<agent_name>", "forgets", "<skill>"}, ACD_COMMAND_skill_remove},
    {{"agent", "*", "answers", "<assignment>"}, ACD_COMMAND_accept},
    {{"agent", "*", "rejects", "<assignment>"}, ACD_COMMAND_reject},
    {{"agent", "*", "holds", "<assignment>"}, ACD_COMMAND_hold},
    {{"agent", "*", "retrieves", "<assignment>"}, ACD_COMMAND_retrieve},
    {{"agent", "*", "asks", "<agent_name>", "about", "<assignment>"}, ACD_COMMAND_consult},
    {{"agent", "*", "asks", "about", "<assignment>"}, ACD_COMMAND_consult},
    {{"agent", "*", "calls", "<number>", "about", "<assignment>"}, ACD_COMMAND_consult},
    {{"agent", "*", "hears", "<result>", "about", "<assignment>"}, ACD_COMMAND_consult_result},
    {{"agent", "*", "hands", "over", "<assignment>"}, ACD_COMMAND_consult_complete},
    {{"agent", "*", "stops", "asking", "about", "<assignment>"}, ACD_COMMAND_consult_end},
    {{"agent", "*", "passes", "<assignment>", "to", "<queue_name>"}, ACD_COMMAND_transfer},
    {{"agent", "*", "passes", "<assignment>"}, ACD_COMMAND_transfer},
    {{"agent", "*", "finishes", "<assignment>"}, ACD_COMMAND_wrap_up_finish},
    {{"agent", "<name>", "finishes"}, ACD_COMMAND_wrap_up_finish},
    {{"agent", "*", "extends", "<assignment>"}, ACD_COMMAND_wrap_up_extend},
    {{"agent", "<name>", "extends"}, ACD_COMMAND_wrap_up_extend},
    {{"agent", "*", "codes", "<assignment>", "as", "<code>"}, ACD_COMMAND_wrap_up_code},
    {{"agent", "<name>", "codes", "as", "<code>"}, ACD_COMMAND_wrap_up_code},
    {{"agent", "<name>", "<state>"}, ACD_COMMAND_agent_state},
    {{"agent", "<name>"}, ACD_COMMAND_agent_set},
    {{"call", "<key>", "arrives", "on", "<queue_name>"}, ACD_COMMAND_route},
    {{"call", "<key>", "arrives", "for", "<called>"}, ACD_COMMAND_route},
    {{"call", "<key>", "arrives"}, ACD_COMMAND_route},
    {{"call", "<key>", "has", "a", "head", "start"}, ACD_COMMAND_call_priority},
    {{"call", "<key>", "has", "<attributes>"}, ACD_COMMAND_call_set},
    {{"call", "<key>", "presses", "<digit>"}, ACD_COMMAND_call_exit},
    {{"call", "<key>", "wants", "a", "callback"}, ACD_COMMAND_call_callback},
    {{"agent", "*", "dials", "<assignment>", "<result>"}, ACD_COMMAND_callback_result},
    {{"call", "<key>", "hangs", "up"}, ACD_COMMAND_hangup},
    {{"call", "<call>", "goes", "to", "<name>"}, ACD_COMMAND_call_assign},
    {{"call", "<call>", "moves", "to", "<queue_name>"}, ACD_COMMAND_call_move},
    {{"client", "<name>", "opens"}, ACD_COMMAND_client_open},
    {{"client", "<name>", "is", "set"}, ACD_COMMAND_client_set},
    {{"client", "<name>", "goes"}, ACD_COMMAND_client_remove},
    {{"reconcile", "<step>"}, ACD_COMMAND_reconcile},
    {{"still", "has", "<key>"}, ACD_COMMAND_reconcile_call},
    {{"outbox", "acked", "upto", "<upto>"}, ACD_COMMAND_outbox_ack},
    {{"day", "<day>", "begins"}, ACD_COMMAND_day_turn},
};

static size_t phrase_length(const struct phrase *p)
{
    size_t length = 0;

    while (length < sizeof p->words / sizeof p->words[0] && p->words[length] != NULL)
        length++;
    return length;
}

static bool word_fits(const char *pattern, const char *word)
{
    if (pattern[0] == '<' || pattern[0] == '*')
        return strchr(word, '=') == NULL;
    return strcmp(pattern, word) == 0;
}

static bool phrase_fits(const struct phrase *p, char *const *words, size_t count)
{
    size_t length = phrase_length(p);

    for (size_t i = 0; i < length; i++)
        if (i >= count || !word_fits(p->words[i], words[i]))
            return false;
    for (size_t i = length; i < count; i++)
        if (strchr(words[i], '=') == NULL)
            return false;
    return true;
}

/* What is being put together. */
struct reading {
    const struct cast *cast;
    const struct acd_record *record;
    struct acd_command *command;
    const char *who;
    char *room;
};

static void read_value(const struct reading *r, const char *name, const char *word)
{
    const struct acd_field *field = words_field(r->record, name);
    char assignment[2 * CAST_NAME_MAX];

    cr_assert(field != NULL, "%s has no field '%s'", r->record->name, name);
    if (field->type == ACD_FIELD_assignment_id && r->who != NULL && strchr(word, '@') == NULL) {
        snprintf(assignment, sizeof assignment, "%s@%s", word, r->who);
        words_read_field(r->cast, field, assignment, &r->command->as, r->room);
    } else {
        words_read_field(r->cast, field, word, &r->command->as, r->room);
    }
}

static void read_phrase(struct reading *r, const struct phrase *p, char *const *words)
{
    for (size_t i = 0; i < phrase_length(p); i++) {
        char name[64];

        if (p->words[i][0] == '*')
            r->who = words[i];
        if (p->words[i][0] != '<')
            continue;
        snprintf(name, sizeof name, "%.*s", (int)strlen(p->words[i]) - 2, p->words[i] + 1);
        read_value(r, name, words[i]);
    }
}

static void read_options(struct reading *r, char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *equals = strchr(words[i], '=');

        cr_assert(equals != NULL, "what is '%s'?", words[i]);
        *equals = '\0';
        read_value(r, words[i], equals + 1);
        *equals = '=';
    }
}

static const struct acd_record *command_named(const char *name)
{
    for (size_t i = 0; i < acd_records_command_count; i++)
        if (strcmp(acd_records_command[i]->name, name) == 0)
            return acd_records_command[i];
    return NULL;
}

void phrase_read(const struct cast *cast, char *const *words, size_t count,
                 struct acd_command *command, char *room)
{
    struct reading r = {.cast = cast, .command = command, .room = room};
    size_t n = sizeof phrases / sizeof phrases[0], used = 1;
    const struct phrase *p = phrases;

    while (p < phrases + n && !phrase_fits(p, words, count))
        p++;
    r.record = p < phrases + n ? acd_record_of(p->code) : command_named(words[0]);
    cr_assert(r.record != NULL, "no phrase: '%s ...'", words[0]);

    memset(command, 0, sizeof *command);
    command->code = r.record->code;
    if (p < phrases + n) {
        read_phrase(&r, p, words);
        used = phrase_length(p);
    }
    read_options(&r, words + used, count - used);
}
