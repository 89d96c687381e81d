#include <criterion/criterion.h>

#include "tests/scenario/world.h"

/* Calendars as the engine keeps them: names, texts, and which queues have them. */

Test(calendar, is_set_whole_and_has_times)
{
    story("0.000 queue sales\n", "1.000 calendar office zone=Europe/Berlin\n"
                                 "1.000   calendar office is set zone=Europe/Berlin\n"
                                 "2.000 calendar office has mon\n"
                                 "2.000   calendar office has mon\n"
                                 "3.000 calendar office has tue\n"
                                 "3.000   calendar office has tue\n"
                                 "4.000 calendar office has mon\n"
                                 "5.000 calendar office strategy=random otherwise=round-robin\n"
                                 "5.000   calendar office is set strategy=random "
                                 "otherwise=round-robin\n"
                                 "6.000 calendar office loses mon\n"
                                 "6.000   calendar office has mon no more\n"
                                 "7.000 calendar office loses mon\n"
                                 "7.000   -> NOT_FOUND at time\n"
                                 "8.000 calendar office\n"
                                 "8.000   calendar office is set\n");
}

/* A queue that has a calendar has none when that is removed; one that is made again is another. */
Test(calendar, that_is_removed_is_no_queues)
{
    story("0.000 queue sales\n"
          "0.000 queue help\n",
          "1.000 queue sales hours=office\n"
          "1.000   -> NOT_FOUND at hours\n"
          "2.000 calendar office\n"
          "2.000   calendar office is set\n"
          "2.000 calendar rush strategy=random otherwise=ring-all\n"
          "2.000   calendar rush is set strategy=random otherwise=ring-all\n"
          "2.000 calendar office has mon\n"
          "2.000   calendar office has mon\n"
          "3.000 queue sales hours=office strategy_hours=rush\n"
          "3.000   queue sales is set hours=office strategy_hours=rush\n"
          "3.000 queue help hours=office strategy_hours=office\n"
          "3.000   queue help is set hours=office strategy_hours=office\n"
          "4.000 queue sales weight=2\n"
          "4.000   queue sales is set weight=2 hours=office strategy_hours=rush\n"
          "5.000 calendar office goes\n"
          "5.000   calendar office is gone\n"
          "5.000 ? queue sales hours strategy_hours\n"
          "5.000   hours= strategy_hours=rush\n"
          "5.000 ? queue help hours strategy_hours\n"
          "5.000   hours= strategy_hours=\n"
          "6.000 calendar office\n"
          "6.000   calendar office is set\n"
          "6.000 calendar office loses mon\n"
          "6.000   -> NOT_FOUND at time\n"
          "7.000 queue sales strategy_hours=-\n"
          "7.000   queue sales is set weight=2\n"
          "8.000 calendar rush goes\n"
          "8.000   calendar rush is gone\n");
}

Test(calendar, faults)
{
    story("0.000 queue sales\n", "1.000 calendar_set\n"
                                 "1.000   -> MISSING at name\n"
                                 "1.000 calendar c strategy=random\n"
                                 "1.000   -> MISSING at otherwise\n"
                                 "1.000 calendar c otherwise=random\n"
                                 "1.000   -> MISSING at strategy\n"
                                 "1.000 calendar x*65\n"
                                 "1.000   -> TOO_LONG at name\n"
                                 "1.000 calendar_remove\n"
                                 "1.000   -> MISSING at name\n"
                                 "1.000 calendar c goes\n"
                                 "1.000   -> NOT_FOUND at name\n"
                                 "1.000 calendar c has mon\n"
                                 "1.000   -> NOT_FOUND at calendar\n"
                                 "1.000 calendar_time_set time=mon\n"
                                 "1.000   -> MISSING at calendar\n"
                                 "2.000 calendar c\n"
                                 "2.000   calendar c is set\n"
                                 "2.000 calendar_time_set calendar=c\n"
                                 "2.000   -> MISSING at time\n"
                                 "2.000 calendar_time_remove calendar=c\n"
                                 "2.000   -> MISSING at time\n"
                                 "2.000 calendar_time_remove time=mon\n"
                                 "2.000   -> MISSING at calendar\n"
                                 "3.000 queue help strategy_hours=d\n"
                                 "3.000   -> NOT_FOUND at strategy_hours\n");
}
