/* All records of the engine, for acd_codec.h; included many times, so without a guard. */
#define ACD_COMMAND(name, code, doc, fields) RECORD(command, name, code, 0, doc, fields)
#include "engine/commands.def"
#undef ACD_COMMAND
#define ACD_EVENT(name, code, topic, doc, fields) RECORD(event, name, code, topic, doc, fields)
#include "engine/events.def"
#undef ACD_EVENT
#define ACD_VIEW(name, code, doc, fields) RECORD(view, name, code, 0, doc, fields)
#include "engine/views.def"
#undef ACD_VIEW
#define ACD_ROW(name, code, doc, fields) RECORD(row, name, code, 0, doc, fields)
#include "engine/rows.def"
#undef ACD_ROW
