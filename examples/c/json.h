/* Looks up members of a JSON document without copying it: a place in the text stands for the value that begins there. */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>

/* Whether the whole text is one JSON document. The look-ups below take only a text that is. */
bool json_valid(const char *text);

/* The member of the object at `value`, or NULL: it is no object, or has none of this name (written without escapes). */
const char *json_member(const char *value, const char *name);

/* The text between the quotes of the string at `value`, and its length; false where it is no string, or has escapes. */
bool json_plain_string(const char *value, const char **text, int *length);

#endif
