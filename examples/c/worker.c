/* Splits a number into its prime factors. Speaks `task`: a JSON document on stdin, one on stdout, and an exit code. */
#include "json.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { SUCCESS = 0, FAILURE = 1, PERMANENT_FAILURE = 2 };

static int fail(int code, const char *type, const char *message) {
    printf("{\"success\":false,\"error\":{\"type\":\"%s\",\"message\":\"%s\",\"retry_possible\":%s}}\n", type, message,
           code == FAILURE ? "true" : "false");
    return code;
}

/* All of stdin, or NULL. */
static char *read_all(void) {
    size_t size = 0, room = 4096;
    char *text = malloc(room);
    while (text) {
        size += fread(text + size, 1, room - size - 1, stdin);
        text[size] = '\0';
        if (size < room - 1) break;
        char *larger = realloc(text, room *= 2);
        if (!larger) free(text);
        text = larger;
    }
    return text && !ferror(stdin) ? text : NULL;
}

/* A number as a string of digits: JSON's own numbers are doubles to many programs, and end at 2^53. */
static bool read_number(const char *value, uint64_t *number) {
    const char *digits;
    int length;
    if (!json_plain_string(value, &digits, &length) || length == 0 || *digits < '0' || *digits > '9') return false;
    char *end;
    errno = 0;
    *number = strtoull(digits, &end, 10);
    return errno == 0 && end == digits + length && *number >= 2;
}

int main(void) {
    char *task = read_all();
    if (!task) return fail(FAILURE, "IOError", "stdin could not be read");
    if (!json_valid(task)) return fail(PERMANENT_FAILURE, "InvalidTask", "stdin is no JSON document");
    uint64_t number;
    if (!read_number(json_member(json_member(task, "params"), "number"), &number))
        return fail(PERMANENT_FAILURE, "InvalidParams", "params.number must be a string of digits, from 2 to 2^64 - 1");

    fprintf(stderr, "factors of %" PRIu64 "\n", number);
    printf("{\"success\":true,\"result\":{\"factors\":[");
    const char *comma = "";
    uint64_t divisions = 0;
    for (uint64_t divisor = 2; divisor <= number / divisor; divisor += divisor == 2 ? 1 : 2) {
        for (divisions++; number % divisor == 0; number /= divisor) {
            printf("%s\"%" PRIu64 "\"", comma, divisor);
            comma = ",";
        }
    }
    if (number > 1) printf("%s\"%" PRIu64 "\"", comma, number);
    printf("]},\"logs\":[{\"level\":\"INFO\",\"message\":\"done\",\"divisors\":%" PRIu64 "}]}\n", divisions);
    return SUCCESS;
}
