#include "json.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#define DEEPEST 512

static const char *skip_value(const char *at, int depth);

static const char *skip_space(const char *at) {
    while (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n') at++;
    return at;
}

static const char *skip_digits(const char *at) {
    if (!isdigit((unsigned char)*at)) return NULL;
    while (isdigit((unsigned char)*at)) at++;
    return at;
}

static const char *skip_number(const char *at) {
    if (*at == '-') at++;
    at = *at == '0' ? at + 1 : skip_digits(at);
    if (at && *at == '.') at = skip_digits(at + 1);
    if (at && (*at == 'e' || *at == 'E')) {
        at++;
        at = skip_digits(*at == '+' || *at == '-' ? at + 1 : at);
    }
    return at;
}

static const char *skip_string(const char *at) {
    if (*at++ != '"') return NULL;
    while (*at != '"') {
        if ((unsigned char)*at < ' ') return NULL; /* the end of the text too */
        if (*at++ != '\\') continue;
        if (*at == 'u') {
            for (int digit = 1; digit <= 4; digit++)
                if (!isxdigit((unsigned char)at[digit])) return NULL;
            at += 5;
        } else if (*at && strchr("\"\\/bfnrt", *at)) {
            at++;
        } else {
            return NULL;
        }
    }
    return at + 1;
}

/* An object or an array: what is in it, between `open` and `close`. */
static const char *skip_container(const char *at, char close, int depth) {
    if (depth == DEEPEST) return NULL;
    at = skip_space(at + 1);
    if (*at == close) return at + 1;
    for (;;) {
        if (close == '}') {
            at = skip_string(at);
            if (!at) return NULL;
            at = skip_space(at);
            if (*at++ != ':') return NULL;
        }
        at = skip_value(at, depth + 1);
        if (!at) return NULL;
        at = skip_space(at);
        if (*at == close) return at + 1;
        if (*at++ != ',') return NULL;
        at = skip_space(at);
    }
}

static const char *skip_word(const char *at, const char *word) {
    return strncmp(at, word, strlen(word)) == 0 ? at + strlen(word) : NULL;
}

/* Where the value at `at` ends, or NULL where there is none. */
static const char *skip_value(const char *at, int depth) {
    at = skip_space(at);
    switch (*at) {
    case '{': return skip_container(at, '}', depth);
    case '[': return skip_container(at, ']', depth);
    case '"': return skip_string(at);
    case 't': return skip_word(at, "true");
    case 'f': return skip_word(at, "false");
    case 'n': return skip_word(at, "null");
    default: return skip_number(at);
    }
}

bool json_valid(const char *text) {
    const char *end = skip_value(text, 0);
    return end && *skip_space(end) == '\0';
}

const char *json_member(const char *value, const char *name) {
    const char *at = value ? skip_space(value) : "";
    if (*at != '{') return NULL;
    at = skip_space(at + 1);
    while (*at == '"') {
        const char *end = skip_string(at);
        bool same = (size_t)(end - at) == strlen(name) + 2 && strncmp(at + 1, name, strlen(name)) == 0;
        at = skip_space(skip_space(end) + 1); /* behind the colon */
        if (same) return at;
        at = skip_space(skip_value(at, 0));
        if (*at == ',') at = skip_space(at + 1);
    }
    return NULL;
}

bool json_plain_string(const char *value, const char **text, int *length) {
    const char *end = value && *value == '"' ? skip_string(value) : NULL;
    if (!end || memchr(value, '\\', end - value)) return false;
    *text = value + 1;
    *length = end - value - 2;
    return true;
}
