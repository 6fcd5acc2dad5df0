/*
 * The virtual camera of the tests, with a clock in its pictures: at the moment a picture is handed
 * to the program that asked for it (VIDIOC_DQBUF), the time is written into it (stamp.h).
 * So its age can be told wherever it arrives unchanged, whatever program passed it on.
 *
 *   cc -O2 -shared -fPIC -o vcam.so stamped-vcam.c -ldl -lpthread
 */
#define _GNU_SOURCE
#include "stamp.h"

/* vcam.c copies a picture to where the program wants it with memcpy, and nothing else. */
static void *copy_stamped(void *to, const void *from, size_t size) {
	memcpy(to, from, size);
	write_stamp(to, size);
	return to;
}

#define memcpy copy_stamped
#include "../test/support/virtual-camera/vcam.c"
