/*
 * The clock in a picture: FF D8 (a JPEG begins), FF FE and a length (a comment), this text, and the
 * time as 16 digits of microseconds since the epoch. bench/system/pictures.mjs makes room for it.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#define STAMP_TEXT "framehub-bench "
#define STAMP_AT 6
#define STAMP_DIGITS 16

static inline int has_stamp(const void *picture, size_t size) {
	size_t text = strlen(STAMP_TEXT);
	return size >= STAMP_AT + text + STAMP_DIGITS && memcmp((const char *)picture + STAMP_AT, STAMP_TEXT, text) == 0;
}

static inline void write_stamp(void *picture, size_t size) {
	if (!has_stamp(picture, size)) return;
	struct timespec now;
	char digits[64];
	clock_gettime(CLOCK_REALTIME, &now);
	snprintf(digits, sizeof digits, "%010lld%06ld", (long long)now.tv_sec, now.tv_nsec / 1000);
	memcpy((char *)picture + STAMP_AT + strlen(STAMP_TEXT), digits, STAMP_DIGITS);
}
