#ifndef ACD_ASSERT_H
#define ACD_ASSERT_H

/* Assertions state contracts and stay on in release: a broken invariant must stop the process
 * before it books an agent twice. They are O(1); what costs O(n) stands in check.c. */

/* Prints where and what, then aborts: the one place in engine/ that prints. What leads there stands
 * apart from what is executed. */
_Noreturn __attribute__((cold)) void acd_assert_failed(const char *expression, const char *file,
                                                       int line);

#define ACD_ASSERT(x)     ((x) ? (void)0 : acd_assert_failed(#x, __FILE__, __LINE__))
#define ACD_UNREACHABLE() acd_assert_failed("unreachable", __FILE__, __LINE__)

#endif
