#include "engine/apply.h"

/* What is noted of a call, while it lives and afterwards. */

void apply_call_set(struct acd_engine *e, const struct acd_event_call_set *v)
{
    uint32_t slot = call_at(e, v->call);

    mark(e, ACD_TABLE_CALLS, slot);
    call_text_set(e, &e->calls[slot], v->attributes);
}

void apply_wrap_up_coded(struct acd_engine *e, const struct acd_event_wrap_up_coded *v)
{
    uint32_t slot = assignment_at(e, v->assignment);
    struct assignment_card *card;

    ACD_ASSERT(e->assignments[slot].role != ACD_ROLE_OFFERED);
    mark(e, ACD_TABLE_ASSIGNMENTS, slot);
    card = assignment_card(e, slot);
    if (v->code.data != card->code.data)
        TEXT_SET(card->code, v->code);
}
