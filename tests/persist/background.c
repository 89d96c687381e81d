/* How nice the workers are: the nicest as long as all goes well; not who is late, hurried, has
 * half of the ring before it, or has been behind for long. */

#include <sys/resource.h>
#include <unistd.h>

#include "persist/persist.h"
#include "tests/persist/site.h"

/* A thread that is told how nice a worker would be. */
struct stand_in {
    struct acd_persist *p;
    struct background *worker;
    pthread_barrier_t begun, over;
};

static void *stand_in_run(void *arg)
{
    struct stand_in *s = arg;

    background_begin(s->p, s->worker);
    (void)pthread_barrier_wait(&s->begun);
    (void)pthread_barrier_wait(&s->over);
    return NULL;
}

static pthread_t stand_in_begin(struct stand_in *s, struct acd_persist *p, struct background *b)
{
    pthread_t thread;

    *s = (struct stand_in){.p = p, .worker = b};
    CHECK(pthread_barrier_init(&s->begun, NULL, 2) == 0);
    CHECK(pthread_barrier_init(&s->over, NULL, 2) == 0);
    CHECK(pthread_create(&thread, NULL, stand_in_run, s) == 0);
    (void)pthread_barrier_wait(&s->begun);
    return thread;
}

static void stand_in_end(struct stand_in *s, pthread_t thread)
{
    (void)pthread_barrier_wait(&s->over);
    CHECK(pthread_join(thread, NULL) == 0);
    pthread_barrier_destroy(&s->begun);
    pthread_barrier_destroy(&s->over);
}

static bool is_nice(const struct background *worker)
{
    CHECK((getpriority(PRIO_PROCESS, (id_t)worker->thread) == 19) == worker->nice);
    return worker->nice;
}

/* After another turn. */
static bool nice_now(struct acd_persist *p, const struct background *worker)
{
    pthread_mutex_lock(&p->lock);
    background_turn(p);
    pthread_mutex_unlock(&p->lock);
    return is_nice(worker);
}

static void committer_is_late(struct site *s)
{
    struct background *committer = &s->p->committer_place;

    CHECK(nice_now(s->p, committer));
    site_run(s, 10);
    s->p->gathered_at = persist_clock();
    CHECK(nice_now(s->p, committer)); /* behind, but in time */
    s->p->gathered_at -= ACD_SECOND;
    CHECK(!nice_now(s->p, committer));
    site_settle(s);
    CHECK(!nice_now(s->p, committer)); /* for a while */
    s->p->urgent_until = persist_clock();
    CHECK(nice_now(s->p, committer));
    s->p->gathered_at -= ACD_SECOND;
    CHECK(nice_now(s->p, committer)); /* nothing waits: nothing is late */
}

static void committer_is_hurried(struct site *s)
{
    struct background *committer = &s->p->committer_place;

    CHECK(nice_now(s->p, committer));
    acd_persist_hurry(s->p);
    CHECK(!is_nice(committer));
    CHECK(!nice_now(s->p, committer));
}

static void follower_is_behind(struct site *s)
{
    struct background *follower = &s->p->follower_place;

    do {
        CHECK(nice_now(s->p, follower));
        site_run(s, 1);
    } while (acd_persist_room(s->p) > s->options.ring_bytes / 2);
    CHECK(!nice_now(s->p, follower));
    CHECK(!nice_now(s->p, follower));
    site_settle(s);
    CHECK(nice_now(s->p, follower));
}

/* Where the last frame begins. */
static struct ring_frame_head *last_frame(const struct ring *ring)
{
    uint64_t at = atomic_load(&ring->header->tail), end = atomic_load(&ring->header->head), last;
    struct acd_frame frame;

    do {
        last = at;
        at += ring_frame_again(ring, at, end, &frame);
    } while (at < end);
    return (struct ring_frame_head *)(void *)(ring->data + (last & (ring->size - 1)));
}

/* The bytes of what was followed are given back before the rest is: here there is a last frame that
 * cannot be. */
static void bytes_go_back_meanwhile(struct site *s)
{
    struct ring *ring = &s->p->ring;
    struct ring_frame_head *last;
    uint64_t tail;

    site_settle(s);
    tail = atomic_load(&ring->header->tail);
    site_run(s, 500);
    CHECK(persist_commit(s->p) > 0);
    last = last_frame(ring);
    last->len ^= 1U << 31;
    CHECK(persist_follow(s->p) == ACD_INVALID);
    CHECK(atomic_load(&ring->header->tail) > tail);
    last->len ^= 1U << 31;
    CHECK(persist_follow(s->p) == ACD_OK);
    CHECK(atomic_load(&ring->header->tail) == atomic_load(&ring->header->head));
}

static void follower_is_stale(struct site *s)
{
    struct background *follower = &s->p->follower_place;

    site_settle(s);
    CHECK(nice_now(s->p, follower));
    site_run(s, 10);
    s->p->to_follow = UINT64_MAX; /* where it does not come */
    CHECK(nice_now(s->p, follower));
    s->p->to_follow_since -= 10 * ACD_SECOND;
    CHECK(!nice_now(s->p, follower));
    s->p->to_follow = 0;
    CHECK(nice_now(s->p, follower));
}

int main(void)
{
    struct site s = site_make(300);
    struct stand_in committer, follower;
    pthread_t threads[2];

    s.step_every = 0;
    site_open(&s);
    site_set_up(&s);
    site_settle(&s);
    bytes_go_back_meanwhile(&s);
    threads[0] = stand_in_begin(&committer, s.p, &s.p->committer_place);
    threads[1] = stand_in_begin(&follower, s.p, &s.p->follower_place);
    if (s.p->committer_place.thread == 0) {
        printf("skipped: without RLIMIT_NICE of 20 no thread becomes less nice again\n");
    } else {
        committer_is_late(&s);
        committer_is_hurried(&s);
        follower_is_behind(&s);
        follower_is_stale(&s);
    }
    stand_in_end(&committer, threads[0]);
    stand_in_end(&follower, threads[1]);
    site_close(&s);
    site_remove(&s);
    return 0;
}
