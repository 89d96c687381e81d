#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* Calls of different channels, and what they take of an agent. */

/* Three chats, or a voice call, or nothing more beside it: what a call costs is counted out of 100.
 */
Test(channel, costs_are_counted)
{
    story("0.000 queue phone\n"
          "0.000 queue chat channel=chat\n"
          "0.000 crew phone ann\n"
          "0.000 crew chat ann\n"
          "0.000 agent ann max_concurrent_calls=10 channels=voice:100,chat:30\n"
          "0.000 ready ann\n"
          "0.000 call c1 arrives on chat\n"
          "0.000 call c2 arrives on chat\n"
          "0.000 call c3 arrives on chat\n",
          "1.000 ? agent ann units offered available\n"
          "1.000   units=90 offered=3 available=1\n"
          "1.000 ? queue chat available\n"
          "1.000   available=0\n"
          "1.000 call c4 arrives on chat\n"
          "1.000   c4 enters chat\n"
          "1.000   -> queued at 1\n"
          "2.000 call p1 arrives on phone\n"
          "2.000   p1 enters phone\n"
          "2.000   -> queued at 1\n"
          "3.000 call c1 hangs up\n"
          "3.000   offer of c1 to ann ends: caller_gone\n"
          "3.000   c1 ends: abandoned by caller\n"
          "3.000   offer c4 to ann until 18.000\n"
          "4.000 call c2 hangs up\n"
          "4.000   offer of c2 to ann ends: caller_gone\n"
          "4.000   c2 ends: abandoned by caller\n"
          "5.000 call c3 hangs up\n"
          "5.000   offer of c3 to ann ends: caller_gone\n"
          "5.000   c3 ends: abandoned by caller\n"
          "6.000 call c4 hangs up\n"
          "6.000   offer of c4 to ann ends: caller_gone\n"
          "6.000   c4 ends: abandoned by caller\n"
          "6.000   offer p1 to ann until 21.000\n"
          "6.000 ? agent ann units\n"
          "6.000   units=100\n"
          "7.000 call c5 arrives on chat\n"
          "7.000   c5 enters chat\n"
          "7.000   -> queued at 1\n");
}

/* The wrap-up of a call costs what the call did, also when its queue is gone. */
Test(channel, wrap_up_costs)
{
    story("0.000 queue phone wrap_up_time=10\n"
          "0.000 queue chat channel=chat\n"
          "0.000 crew phone ann\n"
          "0.000 crew chat ann\n"
          "0.000 agent ann max_concurrent_calls=10 channels=voice:100,chat:20\n"
          "0.000 ready ann\n"
          "0.000 call p1 arrives on phone\n"
          "0.000 agent ann answers p1\n",
          "1.000 call c1 arrives on chat\n"
          "1.000   c1 enters chat\n"
          "1.000   -> queued at 1\n"
          "2.000 call p1 hangs up\n"
          "2.000   p1 ends: answered by caller wrap_up_until=12.000\n"
          "3.000 queue phone goes\n"
          "3.000   queue phone is going, if_empty\n"
          "3.000   queue phone is gone\n"
          "3.000 ? work ann\n"
          "3.000   assignment=p1@ann agent=ann queue=phone role=wrap_up since=2.000 until=12.000 "
          "channel=voice\n"
          "12.000 time passes\n"
          "12.000   ann is done with p1@ann\n"
          "12.000   offer c1 to ann until 27.000\n");
}

/* Of a channel there may be a maximum, whatever it costs. */
Test(channel, maximum)
{
    story("0.000 queue mail channel=email\n"
          "0.000 queue chat channel=chat\n"
          "0.000 crew mail ann\n"
          "0.000 crew chat ann\n"
          "0.000 agent ann max_concurrent_calls=10 channels=email:0/1\n"
          "0.000 ready ann\n",
          "1.000 call m1 arrives on mail\n"
          "1.000   m1 enters mail\n"
          "1.000   offer m1 to ann until 16.000\n"
          "1.000   -> offered ann until 16.000\n"
          "2.000 call m2 arrives on mail\n"
          "2.000   m2 enters mail\n"
          "2.000   -> queued at 1\n"
          "3.000 call c1 arrives on chat\n"
          "3.000   c1 enters chat\n"
          "3.000   offer c1 to ann until 18.000\n"
          "3.000   -> offered ann until 18.000\n"
          "4.000 agent ann rejects m1\n"
          "4.000   offer of m1 to ann ends: rejected\n"
          "4.000   offer m1 to ann until 19.000\n");
}

/* max_concurrent_calls holds besides; an agent without costs has nothing else. */
Test(channel, max_concurrent_calls_holds_too)
{
    story("0.000 queue chat channel=chat\n"
          "0.000 crew chat ann bob\n"
          "0.000 agent ann max_concurrent_calls=2 channels=chat:20\n"
          "0.000 agent bob max_concurrent_calls=2\n"
          "0.000 ready ann bob\n"
          "0.000 call c1 arrives on chat\n"
          "0.000 call c2 arrives on chat\n"
          "0.000 call c3 arrives on chat\n"
          "0.000 call c4 arrives on chat\n",
          "1.000 call c5 arrives on chat\n"
          "1.000   c5 enters chat\n"
          "1.000   -> queued at 1\n"
          "1.000 ? agent ann units offered\n"
          "1.000   units=40 offered=2\n"
          "1.000 ? agent bob units offered\n"
          "1.000   units=0 offered=2\n");
}

/* A call outside costs what its channel does; costs that are set anew count at once. */
Test(channel, outside_and_set_anew)
{
    story("0.000 queue chat channel=chat\n"
          "0.000 crew chat ann\n"
          "0.000 agent ann max_concurrent_calls=10 channels=voice:100,chat:20,task:90\n"
          "0.000 ready ann\n",
          "1.000 agent ann begins o1 channel=task\n"
          "1.000   ann has o1 outside until 14401.000 channel=task\n"
          "2.000 call c1 arrives on chat\n"
          "2.000   c1 enters chat\n"
          "2.000   -> queued at 1\n"
          "3.000 call c1 goes to ann\n"
          "3.000   -> STATE at name\n"
          "4.000 agent ann channels=voice:100,chat:20,task:80\n"
          "4.000   agent ann is set max_concurrent_calls=10 channels=voice:100,chat:20,task:80\n"
          "4.000   offer c1 to ann until 19.000\n"
          "5.000 call c2 arrives on chat\n"
          "5.000   c2 enters chat\n"
          "5.000   -> queued at 1\n"
          "6.000 agent ann channels=-\n"
          "6.000   agent ann is set max_concurrent_calls=10\n"
          "6.000   offer c2 to ann until 21.000\n");
}

Test(channel, faults)
{
    story("0.000 queue phone\n"
          "0.000 agent ann\n",
          "1.000 queue phone channel=chat\n"
          "1.000   -> EXISTS at channel\n"
          "1.000 queue phone channel=voice\n"
          "1.000   queue phone is set\n"
          "1.000 queue phone channel=99\n"
          "1.000   -> INVALID at channel\n"
          "1.000 agent ann channels=voice\n"
          "1.000   -> INVALID at channels\n"
          "1.000 agent ann channels=voice:101\n"
          "1.000   -> INVALID at channels\n"
          "1.000 agent ann channels=fax:10\n"
          "1.000   -> INVALID at channels\n"
          "1.000 agent ann channels=chat:10/0\n"
          "1.000   -> INVALID at channels\n"
          "1.000 agent ann channels=chat:10/51\n"
          "1.000   -> INVALID at channels\n"
          "1.000 agent ann channels=chat:10,\n"
          "1.000   -> INVALID at channels\n"
          "1.000 agent ann begins o1 channel=99\n"
          "1.000   -> INVALID at channel\n");
}
