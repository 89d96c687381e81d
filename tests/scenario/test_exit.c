#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* A caller leaves its queue by a key. */

/* To voicemail: the reply says where; asked again under its number it says so again. */
Test(exit, to_voicemail)
{
    story("0.000 queue sales exit_keys=1=voicemail:box-7;2=callback\n"
          "0.000 client gw1 opens\n"
          "0.000 gw1: call k1 arrives on sales\n",
          "5.000 gw1#1: call k1 presses 1\n"
          "5.000   gw1/k1 leaves sales by key 1\n"
          "5.000   gw1/k1 ends: exited by caller told cause=exit_key overflow=voicemail "
          "overflow_to=box-7\n"
          "5.000   request 1 of gw1 is done\n"
          "5.000   request 1 of gw1 sends its caller to voicemail box-7\n"
          "6.000 gw1#1: call k1 presses 1\n"
          "6.000   -> repeated to voicemail box-7\n"
          "6.000 gw1#2: call k1 presses 1\n"
          "6.000   request 2 of gw1 is done\n"
          "6.000   -> GONE at key\n"
          "6.000 ? outbox gw1\n"
          "6.000   empty\n"
          "6.000 ? queue sales entered exited abandoned wait_max\n"
          "6.000   entered=1 exited=1 abandoned=0 wait_max=5.000\n");
}

/* To another queue: the place in time is kept, and an agent there is offered the call. */
Test(exit, to_a_queue)
{
    story("0.000 queue help max_wait=60\n"
          "0.000 queue sales exit_keys=0=queue:help\n"
          "0.000 client gw1 opens\n"
          "1.000 gw1: call k1 arrives on sales\n"
          "2.000 call h1 arrives on help\n",
          "5.000 gw1: call k1 presses 0\n"
          "5.000   gw1/k1 leaves sales by key 0\n"
          "5.000   gw1/k1 moves from sales to help until=65.000 cause=exit_key\n"
          "5.000 ? outcome call queue\n"
          "5.000   call=gw1/k1 queue=help\n"
          "5.000 ? line help\n"
          "5.000   gw1/k1 h1\n"
          "5.000 ? outbox gw1\n"
          "5.000   1 at 5.000: call_moved gw1/k1 queue=help cause=exit_key\n");
}

/* While it rings: the agent hears that the caller has left. A key alone just ends the call. */
Test(exit, while_it_rings)
{
    story("0.000 queue sales exit_keys=#\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "0.000 client gw1 opens\n"
          "1.000 gw1: call k1 arrives on sales\n",
          "2.000 call_exit call=gw1/k1 digit=#\n"
          "2.000   gw1/k1 leaves sales by key #\n"
          "2.000   offer of gw1/k1 to ann ends: caller_gone\n"
          "2.000   gw1/k1 ends: exited by caller cause=exit_key\n"
          "2.000 ? outbox gw1\n"
          "2.000   1 at 2.000: offer_ended gw1/k1 queue=sales agent=ann result=caller_gone\n"
          "2.000   2 at 2.000: call_ended gw1/k1 queue=sales disposition=exited cause=exit_key\n"
          "2.000 ? agent ann activity last_status_change\n"
          "2.000   activity=idle last_status_change=0.000\n");
}

/* Where nobody takes the call it waits on; where the full queue says so, it goes on from there. */
Test(exit, to_a_full_queue)
{
    story("0.000 queue help max_size=1\n"
          "0.000 queue sales exit_keys=0=queue:help;1\n"
          "0.000 call h1 arrives on help\n"
          "0.000 call k1 arrives on sales\n",
          "1.000 call k1 presses 0\n"
          "1.000   -> STATE at digit\n"
          "1.000 ? call k1 state queue\n"
          "1.000   state=queued queue=sales\n"
          "2.000 queue help on_full=callback\n"
          "2.000   queue help is set max_size=1 on_full=callback\n"
          "2.000 call k1 presses 0\n"
          "2.000   k1 leaves sales by key 0\n"
          "2.000   k1 ends: exited by caller cause=exit_key overflow=callback\n"
          "3.000 ? queue help refused\n"
          "3.000   refused=0\n");
}

/* What cannot be pressed. */
Test(exit, faults)
{
    story("0.000 queue sales exit_keys=1=voicemail\n"
          "0.000 crew sales ann\n"
          "0.000 ready ann\n"
          "0.000 call k1 arrives on sales\n"
          "0.000 agent ann answers k1\n"
          "0.000 call k2 arrives on sales\n",
          "1.000 call_exit\n"
          "1.000   -> MISSING at key\n"
          "1.000 call k9 presses 1\n"
          "1.000   -> NOT_FOUND at key\n"
          "1.000 call k1 presses 1\n"
          "1.000   -> STATE at call\n"
          "1.000 call_exit key=k2\n"
          "1.000   -> MISSING at digit\n"
          "1.000 call k2 presses 2\n"
          "1.000   -> NOT_FOUND at digit\n"
          "1.000 call k2 presses 11\n"
          "1.000   -> TOO_LONG at digit\n"
          "2.000 queue sales exit_keys=-\n"
          "2.000   queue sales is set\n"
          "2.000 call k2 presses 1\n"
          "2.000   -> NOT_FOUND at digit\n");
}

/* What is no list of keys is not taken. */
Test(exit, keys_that_cannot_be)
{
    story("0.000 queue help\n",
          "1.000 queue sales exit_keys=x\n"
          "1.000   -> INVALID at exit_keys\n"
          "1.000 queue sales exit_keys=1;2;1\n"
          "1.000   -> INVALID at exit_keys\n"
          "1.000 queue sales exit_keys=1=\n"
          "1.000   -> INVALID at exit_keys\n"
          "1.000 queue sales exit_keys=12\n"
          "1.000   -> INVALID at exit_keys\n"
          "1.000 queue sales exit_keys=1;;2\n"
          "1.000   -> INVALID at exit_keys\n"
          "1.000 queue sales exit_keys=1=mailbox\n"
          "1.000   -> INVALID at exit_keys\n"
          "1.000 queue sales exit_keys=1=queue:sales\n"
          "1.000   -> INVALID at exit_keys\n"
          "1.000 queue sales exit_keys=1=queue:nowhere\n"
          "1.000   -> NOT_FOUND at exit_keys\n"
          "1.000 queue sales exit_keys=0=queue:help;*;#=number:+4930\n"
          "1.000   queue sales is set exit_keys=0=queue:help;*;#=number:+4930\n");
}
