#include <string.h>
#include <sys/socket.h>

#include "daemon/sp_conn.h"

/* A connection lent to another thread for one reply: see listener.h.
 *
 * While it is lent and the loop has nothing for it, the other thread may write to its socket; the
 * lock is held meanwhile, for one system call that does not wait, though who makes it may lose its
 * processor behind it. As soon as the loop has something for the connection, or closes it, it takes
 * it back: then nothing is sent any more, or all was, or a part of a message, which has to be
 * followed by its rest before anything else. */

_Static_assert((int)LISTENER_HEAD_BYTES_MAX == SP_HEADER_BYTES_MAX + SP_TAG_BYTES_MAX,
               "a head has header and tag");

bool listener_lend(struct listener *l, struct listener_loan *loan,
                   const struct listener_origin *origin)
{
    struct sp_conn *c = sp_conn_find(l, origin->conn);
    uv_os_fd_t fd;

    if (c == NULL || sp_write_unsent(c) > 0 || c->owed > 0 || uv_fileno(&c->handle.any, &fd) != 0 ||
        (c->loan != NULL && !sp_loan_take_back(c)))
        return false;
    *loan = (struct listener_loan){
        .origin = *origin, .over_tcp = l->address.transport == SP_TCP, .fd = fd};
    (void)pthread_mutex_init(&loan->lock, NULL);
    c->loan = loan;
    return true;
}

/* ---- the other thread ----------------------------------------------------------------------- */

/* Writes the head before the body; returns where it begins. */
static uint8_t *head_write(const struct listener_loan *loan, uint8_t *body, size_t body_len)
{
    enum sp_transport transport = loan->over_tcp ? SP_TCP : SP_IPC;
    uint8_t *at = body - loan->origin.tag_bytes;

    memcpy(at, loan->origin.tag, loan->origin.tag_bytes);
    at -= sp_header_bytes(transport);
    sp_header_write(at, transport, loan->origin.tag_bytes + body_len);
    return at;
}

bool listener_loan_send(struct listener_loan *loan, uint8_t *body, size_t body_len)
{
    uint8_t *at = head_write(loan, body, body_len);
    size_t len = body_len + (size_t)(body - at);
    ssize_t sent = 0;

    (void)pthread_mutex_lock(&loan->lock);
    if (loan->fd >= 0)
        sent = send(loan->fd, at, len, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent > 0) {
        loan->sent = (size_t)sent;
        loan->rest = at + sent;
        loan->rest_bytes = len - (size_t)sent;
    }
    (void)pthread_mutex_unlock(&loan->lock);
    return sent == (ssize_t)len;
}

/* ---- the loop ------------------------------------------------------------------------------- */

bool sp_loan_take_back(struct sp_conn *c)
{
    struct listener_loan *loan = c->loan;
    bool is_whole;

    (void)pthread_mutex_lock(&loan->lock);
    loan->fd = -1;
    is_whole = loan->rest_bytes == 0;
    (void)pthread_mutex_unlock(&loan->lock);
    if (is_whole)
        c->loan = NULL;
    return is_whole;
}

/* The connection, if it is still lent. */
static struct sp_conn *lent(struct listener *l, struct listener_loan *loan)
{
    struct sp_conn *c = &l->slots[loan->origin.conn.slot];

    return c->id.generation == loan->origin.conn.generation && c->loan == loan ? c : NULL;
}

bool listener_loan_end(struct listener *l, struct listener_loan *loan)
{
    struct sp_conn *c = lent(l, loan);

    (void)pthread_mutex_destroy(&loan->lock);
    if (loan->sent > 0) {
        l->counters.messages_out++;
        l->counters.bytes_out += loan->sent;
    }
    if (c == NULL)
        return loan->sent > 0;
    c->loan = NULL;
    if (loan->rest_bytes > 0)
        sp_write_rest(c, loan->rest, loan->rest_bytes);
    return loan->sent > 0;
}
