/* acdctl: words that may come next, one a line, for a shell's completion: the last argument is the
 * word that is being typed, perhaps empty. They come out of the schema, and names of agents and
 * queues from the daemon, if it is there. */

#include <string.h>

#include "tools/acdctl_view.h"

static void offer(const char *before, const char *word, const char *typed)
{
    char whole[CTL_TEXT_MAX];

    snprintf(whole, sizeof whole, "%s%s", before, word);
    if (strncmp(whole, typed, strlen(typed)) == 0 && strchr(word, ' ') == NULL)
        puts(whole);
}

/* The next word of a verb that begins with what has been said, or "". */
static const char *next_word(const struct ctl_verb *verb, const char *said, char word[64])
{
    size_t len = strlen(said);

    word[0] = '\0';
    if (strncmp(verb->words, said, len) == 0)
        snprintf(word, 64, "%.*s", (int)strcspn(verb->words + len, " "), verb->words + len);
    return word;
}

static void offer_verbs(const struct ctl_arg *args, size_t count)
{
    char said[CTL_TEXT_MAX] = "", word[64], other[64];
    size_t verbs_count, len = 0;
    const struct ctl_verb *verbs = ctl_verbs(&verbs_count);

    for (size_t i = 0; i + 1 < count && len < sizeof said; i++)
        len += (size_t)snprintf(said + len, sizeof said - len, "%s ", args[i].value);
    for (size_t i = 0; i < verbs_count; i++) {
        bool is_new = next_word(&verbs[i], said, word)[0] != '\0';

        for (size_t j = 0; j < i && is_new; j++)
            is_new = strcmp(next_word(&verbs[j], said, other), word) != 0;
        if (is_new)
            offer("", word, args[count - 1].value);
    }
}

static void offer_values(const struct acd_field *field, const char *before, const char *typed)
{
    for (size_t i = 0; field->type == ACD_FIELD_enum && i < field->enumeration->count; i++)
        offer(before, field->enumeration->values[i].text, typed);
}

static void offer_fields(const struct acd_record *record, const char *typed)
{
    size_t count, len = strcspn(typed, "=");
    const struct acd_field *fields = record->fields(&count);
    char before[80];

    for (size_t i = 0; i < count; i++) {
        snprintf(before, sizeof before, "%s=", fields[i].name);
        if (typed[len] != '=')
            offer("", before, typed);
        else if (strncmp(before, typed, len + 1) == 0)
            offer_values(&fields[i], before, typed);
    }
}

static void offer_names(struct ctl *ctl, const struct acd_field *id, const char *typed)
{
    struct ctl_names names = {0};
    const bool agents = id->type == ACD_FIELD_agent_id;
    const struct ctl_name *list;
    size_t count;

    if ((!agents && id->type != ACD_FIELD_queue_id) || ctl_try_connect(ctl) != ACD_OK)
        return;
    ctl_names_load(&names, ctl);
    list = agents ? names.agents : names.queues;
    count = agents ? names.agents_room : names.queues_room;
    for (size_t i = 0; i < count; i++)
        if (list[i].text != NULL)
            offer("", list[i].text, typed);
    ctl_names_fini(&names);
}

/* What the place of the word being typed takes. */
static void offer_slot(struct ctl *ctl, const struct ctl_verb *verb, size_t said, const char *typed)
{
    struct ctl_slot slots[CTL_SLOTS_MAX];
    size_t count = ctl_slots(verb->record, verb->preset, slots), at = 0;

    for (size_t i = 0; i < said && at < count; i++)
        at += slots[at].either ? 2 : 1;
    if (at < count && slots[at].either)
        at++;
    if (at >= count)
        return;
    if (slots[at].id != NULL)
        offer_names(ctl, slots[at].id, typed);
    else
        offer_values(slots[at].field, "", typed);
}

static void offer_formats(const char *typed)
{
    static const char *const words[] = {"format=table", "format=csv", "format=json"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        offer("", words[i], typed);
}

int ctl_run_complete(struct ctl *ctl, const struct ctl_verb *verb)
{
    const char *typed;
    size_t words, said = 0;

    if (ctl->count == 0)
        return CTL_OK;
    typed = ctl->args[ctl->count - 1].value;
    verb = ctl_verb_of(ctl->args, ctl->count - 1, &words);
    if (verb == NULL) {
        offer_verbs(ctl->args, ctl->count);
        return CTL_OK;
    }
    if (verb->record == NULL || verb->run == ctl_run_show)
        return CTL_OK;
    for (size_t i = words; i + 1 < ctl->count; i++)
        said += strchr(ctl->args[i].value, '=') == NULL;
    if (strchr(typed, '=') == NULL)
        offer_slot(ctl, verb, said, typed);
    if (verb->run == ctl_run_report)
        offer_formats(typed);
    offer_fields(verb->record, typed);
    return CTL_OK;
}
