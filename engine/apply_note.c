#include "engine/apply.h"

/* What is noted of a call, while it lives and afterwards. */

void apply_call_set(struct acd_engine *e, const struct acd_event_call_set *v)
{
    uint32_t slot = call_at(e, v->call);

    mark(e, ACD_TABLE_CALLS, slot);
    call_text_set(e, &e->calls[slot], v->attributes);
}

void late_work_keep(struct acd_engine *e, uint32_t assignment, uint32_t queue, uint64_t visit)
{
    const struct assignment *s = &e->assignments[assignment];
    struct late_work *late = &e->agent_cards[s->agent].late;

    mark(e, ACD_TABLE_AGENTS, s->agent);
    late->work = assignment_id(e, assignment);
    late->queue = s->queue;
    late->visit = visit;
    late->until = e->now + e->queues[queue].set.wrap_up_code_late;
    TEXT_SET(late->code, assignment_code(e, assignment));
}

static COLD void late_work_coded(struct acd_engine *e, uint32_t agent, struct acd_str code)
{
    struct late_work *late = &e->agent_cards[agent].late;

    mark(e, ACD_TABLE_AGENTS, agent);
    if (code.data != late->code.data)
        TEXT_SET(late->code, code);
}

void apply_wrap_up_coded(struct acd_engine *e, const struct acd_event_wrap_up_coded *v)
{
    uint32_t slot = assignment_at(e, v->assignment);
    struct assignment_card *card;

    if (slot == NONE) {
        late_work_coded(e, agent_of(e, v->agent), v->code);
        return;
    }
    ACD_ASSERT(e->assignments[slot].role != ACD_ROLE_OFFERED);
    mark(e, ACD_TABLE_ASSIGNMENTS, slot);
    card = assignment_card(e, slot);
    if (v->code.data != card->code.data)
        TEXT_SET(card->code, v->code);
}
