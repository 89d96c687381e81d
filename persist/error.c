#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "persist/persist.h"

/* What went wrong, in a sentence that says where, and what to do about it. */

static _Thread_local char thread_error[PERSIST_ERROR_MAX] = "";

int persist_fault(struct acd_persist *p, int error, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(thread_error, sizeof thread_error, format, args);
    va_end(args);
    if (p != NULL) {
        pthread_mutex_lock(&p->lock);
        memcpy(p->error, thread_error, sizeof p->error);
        pthread_mutex_unlock(&p->lock);
    }
    return error;
}

/* What a running store does again by itself, a start or a copy does not: p is NULL, or has not
 * recovered yet. */
static const char *advice_of_errno(const struct acd_persist *p, int number)
{
    bool running = p != NULL && p->recovered;

    switch (number) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return running ? "make room; nothing is lost, it is tried again"
                       : "make room, and try again; nothing is lost";
    case EACCES:
    case EPERM:
    case EROFS: return "give this user the right to read and write there";
    case ENOENT: return "see that it is there";
    case ENOTDIR:
    case EISDIR:
    case ELOOP:
    case ENAMETOOLONG: return "see that the path is right";
    case EIO: /* LMDB says it too when a disk that has become full has taken a part of a write */
        return running ? "see to the disk, and that it has room; nothing is lost, it is tried again"
                       : "see to the disk, and that it has room, and try again; nothing is lost";
    default:
        return running ? "see to the disk; nothing is lost, it is tried again"
                       : "see to the disk, and try again; nothing is lost";
    }
}

int persist_file_error(struct acd_persist *p, const char *path, const char *what)
{
    int number = errno;

    return persist_fault(p, ACD_SYSTEM, "%.500s: %s: %s; %s", path, what, strerror(number),
                         advice_of_errno(p, number));
}

int persist_store_error(struct acd_persist *p, int error)
{
    static const struct {
        int error;
        const char *advice;
    } map[] = {
        [-STORE_NOT_FOUND] = {ACD_INVALID, "restore a backup"},
        [-STORE_FULL] = {ACD_SYSTEM, "give the process more address space"},
        [-STORE_DISK] = {ACD_SYSTEM, NULL},
        [-STORE_DAMAGED] = {ACD_INVALID, "restore a backup"},
        [-STORE_VERSION] = {ACD_VERSION, "use the version that wrote it"},
        [-STORE_PANIC] = {ACD_SYSTEM, "see to the disk; it is tried again"},
        [-STORE_MEMORY] = {ACD_NO_MEMORY, "give it more memory, or fewer readers"},
    };
    const char *advice = map[-error].advice;

    return persist_fault(p, map[-error].error, "%.700s; %s", store_error(),
                         advice != NULL ? advice : advice_of_errno(p, store_errno()));
}

const char *acd_persist_error(const struct acd_persist *p)
{
    struct acd_persist *writable;

    if (p == NULL)
        return thread_error;
    writable = (struct acd_persist *)(uintptr_t)p; /* a lock is not what the reader looks at */
    pthread_mutex_lock(&writable->lock);
    memcpy(writable->told, p->error, sizeof writable->told);
    pthread_mutex_unlock(&writable->lock);
    return p->told;
}
