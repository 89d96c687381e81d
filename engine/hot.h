#ifndef ACD_HOT_H
#define ACD_HOT_H

/* Before a function that emits what every call goes through: all that it calls is inlined into it,
 * where it is in sight, so that an event goes from registers to the frame and the state and is
 * never built in memory. */
#define HOT __attribute__((hot, flatten))

/* Before what a plain call does not go through, so that it stays outside of those; and the same of
 * what others go through often, so that it is as fast. What is hot stands together: scattered over
 * all of the code, as much of it as the nearest cache holds would take each other's places. */
#define COLD  __attribute__((cold, noinline))
#define APART __attribute__((hot, noinline))

#endif
