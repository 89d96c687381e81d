/* All records of the wire, for acd_codec.h; included many times, so without a guard. */
#define ACD_QUERY(name, code, doc, fields)     RECORD(query, name, code, 0, doc, fields)
#define ACD_WIRE_VIEW(name, code, doc, fields) RECORD(view, name, code, 0, doc, fields)
#include "proto/messages.def"
#undef ACD_QUERY
#undef ACD_WIRE_VIEW
