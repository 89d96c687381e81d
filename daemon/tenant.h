#ifndef ACD_TENANT_H
#define ACD_TENANT_H

#include "engine/acd.h"
#include "proto/acd_wire.h"

/* Tenants: centres that share a daemon and see nothing of each other.
 *
 * A tenant has sockets of its own; whoever may connect there is of it. What it calls "sales" is
 * "acme/sales" to the engine, which knows nothing of tenants, and to those who connect to the
 * house's own sockets, who see everything under its whole name. So names are translated where
 * messages come in and go out, and what is another's is not there.
 *
 * Happy path: the names in a request are put under the tenant, ids are looked at, the request is
 * carried out like any other, and of the reply what is the tenant's is left, its names cut.
 *
 * Failure modes: an id of another's is NOT_FOUND at its field, of work to be coded LOST; a name
 * that is too long with the tenant's before it TOO_LONG; what is about the whole house DENIED. */

enum { TENANTS_MAX = 16, TENANT_NAME_MAX = 32 };

struct tenant {
    char prefix[TENANT_NAME_MAX + 2]; /* "acme/" */
    size_t len;
    uint64_t topic_last[8]; /* sequence of the last event of each topic that it was told */
};

/* Room for the texts of a record that are longer or shorter than in the record. */
struct tenant_texts {
    size_t used;
    char bytes[2 * ACD_RECORD_MAX];
};

/* What its whole names begin with. */
static inline struct acd_str tenant_prefix(const struct tenant *t)
{
    return (struct acd_str){t->prefix, (uint16_t)t->len};
}

/* False: it is no name, being empty, too long, or with a '/' or a blank in it. */
bool tenant_init(struct tenant *t, const char *name);

/* ---- tenant_request.c ------------------------------------------------------------------------
 */

/* Room for a request put under a tenant. */
struct tenant_room {
    struct tenant_texts texts;
    uint8_t record[ACD_RECORD_MAX];
};

/* Puts a request's names under the tenant, into `room`. Returns 0 or an error, with the field at
 * fault: NOT_FOUND, TOO_LONG, DENIED. What cannot be decoded is left for others to say so. */
int tenant_request(const struct tenant *t, const struct acd_engine *e, acd_client_id client,
                   struct acd_request *request, struct tenant_room *room, uint16_t *field);

/* ---- tenant_reply.c --------------------------------------------------------------------------
 */

/* Leaves of a finished reply what is the tenant's, in place. Returns its bytes. Not from two
 * threads at once. What documents are answered is in the tenant's words already. */
size_t tenant_reply(const struct tenant *t, const struct acd_engine *e, uint8_t *message,
                    size_t len);

/* The same of an event, from `in` to `out`, of ACD_RECORD_MAX bytes. Returns its bytes. */
size_t tenant_event(const struct tenant *t, const uint8_t *in, size_t len, uint8_t *out);

/* ---- tenant_totals.c -------------------------------------------------------------------------
 */

/* The tenant's, of those of `all`. */
struct acd_view_totals tenant_totals(const struct tenant *t, const struct acd_engine *e,
                                     const struct acd_view_totals *all);

/* ---- tenant_names.c: shared by all -----------------------------------------------------------
 */

/* What a text of a record is to a tenant. */
enum tenant_scope {
    TENANT_NOTHING, /* the same for all */
    TENANT_NAME,    /* "sales" */
    TENANT_CHOICE,  /* the same, or "-": none */
    TENANT_TARGET,  /* "queue:sales"; any other is the same for all */
    TENANT_KEYS,    /* "1=queue:sales;#" */
    TENANT_KEY,     /* of a call: a gateway's are its own, those of nobody are the tenant's */
    TENANT_LABEL    /* of a document: "acme/" without one, so that it says whose it is */
};
enum tenant_scope tenant_scope_of(const struct acd_record *record, const struct acd_field *field);

/* The name that says whose an event is which is about nothing with an id; empty of others. */
struct acd_str tenant_event_name(const struct acd_event *e);

/* Whether a whole name is the tenant's. */
bool tenant_has_name(const struct tenant *t, struct acd_str name);

/* Whether a document was the tenant's, by its label. */
bool tenant_has_label(const struct tenant *t, struct acd_str label);

/* A whole name as the tenant calls it; another's as it is. */
struct acd_str tenant_calls(const struct tenant *t, struct acd_str name);

/* Whether an id, that is a field's value, is the tenant's. One that leads nowhere is nobody's. */
bool tenant_has_id(const struct tenant *t, const struct acd_engine *e,
                   const struct acd_field *field, const void *record);

/* The end of "queue:", when a target begins so; else 0. */
uint16_t tenant_target_name(struct acd_str target);

/* ---- tenant_text.c ---------------------------------------------------------------------------
 */

/* A text as the tenant says it, in whole. */
struct acd_str tenant_put_under(const struct tenant *t, enum tenant_scope scope,
                                struct acd_str text, struct tenant_texts *to);

/* And the other way round. */
struct acd_str tenant_cut(const struct tenant *t, enum tenant_scope scope, struct acd_str text,
                          struct tenant_texts *to);

/* Whether all that a text names is the tenant's. */
bool tenant_is_told(const struct tenant *t, enum tenant_scope scope, struct acd_str text);

/* Puts all texts of a record under the tenant that are not too long. */
void tenant_record_under(const struct tenant *t, const struct acd_record *record, void *value,
                         struct tenant_texts *to);

#endif
