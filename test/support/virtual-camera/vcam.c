/*
 * A V4L2 capture device in user space, for tests on machines without a camera.
 *
 * Built as a shared object and put in LD_PRELOAD, it answers open/ioctl/mmap/
 * select/poll on one device path the way a UVC webcam does, so that unmodified
 * programs (FFmpeg's v4l2 input, v4l2-ctl, any V4L2 client) run their real
 * capture code against it.
 *
 *   VCAM_PATH    device path to answer for            (default /dev/video0)
 *   VCAM_DIR     folder of *.jpg, played in name order (required for MJPG)
 *   VCAM_SIZE    WIDTHxHEIGHT of those pictures        (default 1280x720)
 *   VCAM_FPS     frames per second                     (default 30)
 *   VCAM_UNPLUG  while this file exists the device is unplugged: it is gone
 *                from /dev, open fails with ENOENT, and what already had it
 *                open gets ENODEV from QBUF and DQBUF   (default: never)
 *   VCAM_BUSY    while this file exists another program streams from it:
 *                S_FMT, REQBUFS and STREAMON fail with EBUSY (default: never)
 *   VCAM_DENIED  while this file exists open fails with EACCES (default: never)
 *
 * A program that lists /dev (opendir, readdir) finds it there too.
 *
 * Pixel formats: MJPG (the files, byte for byte) and YUYV (a moving bar).
 * Every dequeued buffer carries a sequence number that also counts the frames
 * missed because no buffer was queued, and a CLOCK_MONOTONIC timestamp.
 *
 *   cc -O2 -shared -fPIC -o vcam.so vcam.c -ldl -lpthread
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define MAX_OPEN 16
#define MAX_BUFFERS 32
#define MAX_FILES 4096

struct picture { void *data; size_t size; };

struct device {
	int fd;            /* a timerfd: readable once per frame interval */
	int mem;           /* memfd that backs the buffers */
	int nonblock;
	int streaming;
	uint32_t format;
	unsigned count;    /* buffers */
	size_t length;     /* bytes in each */
	uint8_t *base;
	int queue[MAX_BUFFERS], head, queued;
	uint32_t sequence;
	unsigned fps_num, fps_den; /* time per frame */
};

static struct device devices[MAX_OPEN];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct picture pictures[MAX_FILES];
static int picture_count = -1;
static unsigned width = 1280, height = 720;

/* The C library's own functions. Looked up at first use: other libraries'
 * constructors call them before any constructor of ours has run. */
#define REAL(name) \
	((__typeof__(&name))resolve(&real_##name, #name))
static void *real_open, *real_openat, *real_ioctl, *real_mmap, *real_close, *real_stat, *real_fstat, *real_access;
static void *real_opendir, *real_readdir, *real_closedir;

static void *resolve(void **slot, const char *name) {
	if (!*slot) *slot = dlsym(RTLD_NEXT, name);
	return *slot;
}

__attribute__((constructor)) static void init(void) {
	for (int i = 0; i < MAX_OPEN; i++)
		if (!devices[i].fd) devices[i].fd = -1;
}

static int fail(int code) { errno = code; return -1; }

static const char *device_path(void) {
	const char *p = getenv("VCAM_PATH");
	return p ? p : "/dev/video0";
}

static int is_ours(const char *path) { return path && strcmp(path, device_path()) == 0; }

static int file_named_by(const char *variable) {
	const char *p = getenv(variable);
	return p && REAL(access)(p, F_OK) == 0;
}

static int unplugged(void) { return file_named_by("VCAM_UNPLUG"); }
static int busy(void) { return file_named_by("VCAM_BUSY"); }

static struct device *find(int fd) {
	if (fd <= 0) return NULL;
	for (int i = 0; i < MAX_OPEN; i++)
		if (devices[i].fd == fd) return &devices[i];
	return NULL;
}

static int by_name(const void *a, const void *b) { return strcmp(*(char **)a, *(char **)b); }

static void load_pictures(void) {
	if (picture_count >= 0) return;
	picture_count = 0;
	const char *size = getenv("VCAM_SIZE");
	if (size) sscanf(size, "%ux%u", &width, &height);
	const char *dir = getenv("VCAM_DIR");
	DIR *d = dir ? opendir(dir) : NULL;
	if (!d) return;
	char *names[MAX_FILES];
	int n = 0;
	for (struct dirent *e; (e = readdir(d)) && n < MAX_FILES;) {
		size_t l = strlen(e->d_name);
		if (l > 4 && strcmp(e->d_name + l - 4, ".jpg") == 0) names[n++] = strdup(e->d_name);
	}
	closedir(d);
	qsort(names, n, sizeof *names, by_name);
	for (int i = 0; i < n; i++) {
		char path[4096];
		snprintf(path, sizeof path, "%s/%s", dir, names[i]);
		int fd = REAL(open)(path, O_RDONLY);
		struct stat st;
		if (fd >= 0 && REAL(fstat)(fd, &st) == 0 && st.st_size > 0) {
			struct picture *p = &pictures[picture_count++];
			p->size = st.st_size;
			p->data = malloc(p->size);
			if (read(fd, p->data, p->size) != (ssize_t)p->size) picture_count--;
		}
		if (fd >= 0) REAL(close)(fd);
		free(names[i]);
	}
}

static int open_device(int flags) {
	if (unplugged()) return fail(ENOENT);
	if (file_named_by("VCAM_DENIED")) return fail(EACCES);
	pthread_mutex_lock(&lock);
	load_pictures();
	struct device *d = NULL;
	for (int i = 0; i < MAX_OPEN && !d; i++)
		if (devices[i].fd < 0) d = &devices[i];
	int fd = d ? timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | (flags & O_CLOEXEC ? TFD_CLOEXEC : 0)) : -1;
	if (fd >= 0) {
		memset(d, 0, sizeof *d);
		d->fd = fd;
		d->mem = -1;
		d->nonblock = flags & O_NONBLOCK;
		d->format = picture_count ? V4L2_PIX_FMT_MJPEG : V4L2_PIX_FMT_YUYV;
		const char *fps = getenv("VCAM_FPS");
		d->fps_num = 1;
		d->fps_den = fps ? atoi(fps) : 30;
	} else if (!d) {
		errno = EBUSY;
	}
	pthread_mutex_unlock(&lock);
	return fd;
}

#define OPEN_BODY(path, flags)                                   \
	mode_t mode = 0;                                         \
	if ((flags) & (O_CREAT | O_TMPFILE)) {                   \
		va_list ap;                                      \
		va_start(ap, flags);                             \
		mode = va_arg(ap, mode_t);                       \
		va_end(ap);                                      \
	}                                                        \
	if (is_ours(path)) return open_device(flags);

int open(const char *path, int flags, ...) { OPEN_BODY(path, flags) return REAL(open)(path, flags, mode); }
int open64(const char *path, int flags, ...) { OPEN_BODY(path, flags) return REAL(open)(path, flags | O_LARGEFILE, mode); }
int openat(int at, const char *path, int flags, ...) { OPEN_BODY(path, flags) return REAL(openat)(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { OPEN_BODY(path, flags) return REAL(openat)(at, path, flags | O_LARGEFILE, mode); }

static void fake_stat(struct stat *st) {
	memset(st, 0, sizeof *st);
	st->st_mode = S_IFCHR | 0660;
	st->st_rdev = makedev(81, 0);
}

int stat(const char *path, struct stat *st) {
	if (!is_ours(path)) return REAL(stat)(path, st);
	if (unplugged()) { errno = ENOENT; return -1; }
	fake_stat(st);
	return 0;
}

int fstat(int fd, struct stat *st) {
	if (!find(fd)) return REAL(fstat)(fd, st);
	fake_stat(st);
	return 0;
}

/* On 64-bit Linux these take the same structure. */
int stat64(const char *path, struct stat64 *st) { return stat(path, (struct stat *)st); }
int fstat64(int fd, struct stat64 *st) { return fstat(fd, (struct stat *)st); }

int access(const char *path, int how) {
	if (!is_ours(path)) return REAL(access)(path, how);
	return unplugged() ? fail(ENOENT) : 0;
}

/* The folder the device is in, while a program lists it. One listing at a time is enough. */
static DIR *listing;
static int listed;
static struct dirent entry;

static const char *device_name(void) { return strrchr(device_path(), '/') + 1; }

DIR *opendir(const char *path) {
	DIR *dir = REAL(opendir)(path);
	size_t folder = device_name() - device_path() - 1;
	if (dir && strlen(path) == folder && strncmp(path, device_path(), folder) == 0) {
		listing = dir;
		listed = unplugged();
	}
	return dir;
}

struct dirent *readdir(DIR *dir) {
	struct dirent *e = REAL(readdir)(dir);
	if (dir != listing) return e;
	if (e && strcmp(e->d_name, device_name()) == 0) listed = 1;
	if (e || listed) return e;
	listed = 1;
	memset(&entry, 0, sizeof entry);
	entry.d_ino = 1;
	entry.d_type = DT_CHR;
	snprintf(entry.d_name, sizeof entry.d_name, "%s", device_name());
	return &entry;
}

/* On 64-bit Linux this is the same structure. */
struct dirent64 *readdir64(DIR *dir) { return (struct dirent64 *)readdir(dir); }

int closedir(DIR *dir) {
	if (dir == listing) listing = NULL;
	return REAL(closedir)(dir);
}

static void release(struct device *d) {
	if (d->base) munmap(d->base, d->length * d->count);
	if (d->mem >= 0) REAL(close)(d->mem);
	d->base = NULL;
	d->mem = -1;
	d->count = 0;
	d->queued = d->head = 0;
	d->streaming = 0;
}

int close(int fd) {
	pthread_mutex_lock(&lock);
	struct device *d = find(fd);
	if (d) {
		release(d);
		d->fd = -1;
	}
	pthread_mutex_unlock(&lock);
	return REAL(close)(fd);
}

void *mmap(void *addr, size_t len, int prot, int flags, int fd, off_t off) {
	struct device *d = find(fd);
	return REAL(mmap)(addr, len, prot, flags, d ? d->mem : fd, off);
}
void *mmap64(void *addr, size_t len, int prot, int flags, int fd, off_t off) { return mmap(addr, len, prot, flags, fd, off); }

static size_t frame_bytes(struct device *d) {
	if (d->format == V4L2_PIX_FMT_YUYV) return (size_t)width * height * 2;
	size_t largest = 0;
	for (int i = 0; i < picture_count; i++)
		if (pictures[i].size > largest) largest = pictures[i].size;
	return largest;
}

static size_t fill(struct device *d, uint8_t *to) {
	if (d->format == V4L2_PIX_FMT_MJPEG) {
		struct picture *p = &pictures[d->sequence % picture_count];
		memcpy(to, p->data, p->size);
		return p->size;
	}
	unsigned bar = d->sequence * 8 % width;
	for (unsigned y = 0; y < height; y++)
		for (unsigned x = 0; x < width; x++) {
			*to++ = x >= bar && x < bar + 32 ? 235 : 16 + (x * 200 / width);
			*to++ = 128;
		}
	return (size_t)width * height * 2;
}

static void set_pix(struct device *d, struct v4l2_format *f) {
	f->fmt.pix.width = width;
	f->fmt.pix.height = height;
	f->fmt.pix.pixelformat = d->format;
	f->fmt.pix.field = V4L2_FIELD_NONE;
	f->fmt.pix.bytesperline = d->format == V4L2_PIX_FMT_YUYV ? width * 2 : 0;
	f->fmt.pix.sizeimage = (frame_bytes(d) + 4095) & ~4095u;
	f->fmt.pix.colorspace = V4L2_COLORSPACE_SRGB;
	f->fmt.pix.priv = 0;
}

static void describe(struct device *d, struct v4l2_buffer *b, unsigned i) {
	b->index = i;
	b->type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
	b->memory = V4L2_MEMORY_MMAP;
	b->length = d->length;
	b->m.offset = i * d->length;
	b->field = V4L2_FIELD_NONE;
	b->flags = V4L2_BUF_FLAG_MAPPED | V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
}

static int dequeue(struct device *d, struct v4l2_buffer *b) {
	if (!d->streaming) return fail(EINVAL);
	for (;;) {
		if (unplugged()) return fail(ENODEV);
		uint64_t ticks = 0;
		if (read(d->fd, &ticks, sizeof ticks) == sizeof ticks) {
			d->sequence += ticks - 1; /* frames that passed unseen */
			if (d->queued) break;
			d->sequence++;            /* no buffer to put it in */
		}
		if (d->nonblock) return fail(EAGAIN);
		pthread_mutex_unlock(&lock);
		struct pollfd p = { d->fd, POLLIN, 0 };
		poll(&p, 1, 100);
		pthread_mutex_lock(&lock);
		if (!d->streaming) return fail(EINVAL);
	}
	int i = d->queue[d->head];
	d->head = (d->head + 1) % MAX_BUFFERS;
	d->queued--;
	describe(d, b, i);
	b->bytesused = fill(d, d->base + (size_t)i * d->length);
	b->sequence = d->sequence++;
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	b->timestamp.tv_sec = now.tv_sec;
	b->timestamp.tv_usec = now.tv_nsec / 1000;
	return 0;
}

static int device_ioctl(struct device *d, unsigned long request, void *arg) {
	switch (request) {
	case VIDIOC_QUERYCAP: {
		struct v4l2_capability *c = arg;
		memset(c, 0, sizeof *c);
		strcpy((char *)c->driver, "uvcvideo");
		strcpy((char *)c->card, "Virtual Camera");
		strcpy((char *)c->bus_info, "usb-virtual-1");
		c->version = 6 << 16;
		c->device_caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
		c->capabilities = c->device_caps | V4L2_CAP_DEVICE_CAPS;
		return 0;
	}
	case VIDIOC_ENUMINPUT: {
		struct v4l2_input *i = arg;
		if (i->index) return fail(EINVAL);
		memset(i, 0, sizeof *i);
		strcpy((char *)i->name, "Camera 1");
		i->type = V4L2_INPUT_TYPE_CAMERA;
		return 0;
	}
	case VIDIOC_G_INPUT: *(int *)arg = 0; return 0;
	case VIDIOC_S_INPUT: return *(int *)arg ? fail(EINVAL) : 0;
	case VIDIOC_ENUM_FMT: {
		struct v4l2_fmtdesc *f = arg;
		unsigned i = f->index + (picture_count ? 0 : 1), type = f->type;
		if (i > 1 || type != V4L2_BUF_TYPE_VIDEO_CAPTURE) return fail(EINVAL);
		unsigned index = f->index;
		memset(f, 0, sizeof *f);
		f->index = index;
		f->type = type;
		f->pixelformat = i ? V4L2_PIX_FMT_YUYV : V4L2_PIX_FMT_MJPEG;
		f->flags = i ? 0 : V4L2_FMT_FLAG_COMPRESSED;
		strcpy((char *)f->description, i ? "YUYV 4:2:2" : "Motion-JPEG");
		return 0;
	}
	case VIDIOC_ENUM_FRAMESIZES: {
		struct v4l2_frmsizeenum *s = arg;
		if (s->index) return fail(EINVAL);
		s->type = V4L2_FRMSIZE_TYPE_DISCRETE;
		s->discrete.width = width;
		s->discrete.height = height;
		return 0;
	}
	case VIDIOC_ENUM_FRAMEINTERVALS: {
		struct v4l2_frmivalenum *v = arg;
		if (v->index) return fail(EINVAL);
		v->type = V4L2_FRMIVAL_TYPE_DISCRETE;
		v->discrete.numerator = d->fps_num;
		v->discrete.denominator = d->fps_den;
		return 0;
	}
	case VIDIOC_G_FMT: set_pix(d, arg); return 0;
	case VIDIOC_S_FMT:
	case VIDIOC_TRY_FMT: {
		struct v4l2_format *f = arg;
		if (f->type != V4L2_BUF_TYPE_VIDEO_CAPTURE) return fail(EINVAL);
		if (request == VIDIOC_S_FMT && busy()) return fail(EBUSY);
		uint32_t keep = d->format;
		if (f->fmt.pix.pixelformat == V4L2_PIX_FMT_YUYV) d->format = V4L2_PIX_FMT_YUYV;
		else if (picture_count) d->format = V4L2_PIX_FMT_MJPEG;
		set_pix(d, f);
		if (request == VIDIOC_TRY_FMT) d->format = keep;
		return 0;
	}
	case VIDIOC_G_PARM:
	case VIDIOC_S_PARM: {
		struct v4l2_streamparm *p = arg;
		if (p->type != V4L2_BUF_TYPE_VIDEO_CAPTURE) return fail(EINVAL);
		struct v4l2_fract want = p->parm.capture.timeperframe;
		/* A slower rate is granted, a faster one is not. */
		if (request == VIDIOC_S_PARM && want.numerator && want.denominator &&
		    (uint64_t)want.denominator * d->fps_num < (uint64_t)d->fps_den * want.numerator) {
			d->fps_num = want.numerator;
			d->fps_den = want.denominator;
		}
		memset(&p->parm, 0, sizeof p->parm);
		p->parm.capture.capability = V4L2_CAP_TIMEPERFRAME;
		p->parm.capture.timeperframe.numerator = d->fps_num;
		p->parm.capture.timeperframe.denominator = d->fps_den;
		p->parm.capture.readbuffers = 2;
		return 0;
	}
	case VIDIOC_REQBUFS: {
		struct v4l2_requestbuffers *r = arg;
		if (r->memory != V4L2_MEMORY_MMAP) return fail(EINVAL);
		if (r->count && busy()) return fail(EBUSY);
		release(d);
		if (r->count > MAX_BUFFERS) r->count = MAX_BUFFERS;
		if (r->count) {
			d->length = (frame_bytes(d) + 4095) & ~4095u;
			d->mem = memfd_create("vcam", MFD_CLOEXEC);
			if (d->mem < 0 || ftruncate(d->mem, d->length * r->count)) return fail(ENOMEM);
			d->base = REAL(mmap)(NULL, d->length * r->count, PROT_READ | PROT_WRITE, MAP_SHARED, d->mem, 0);
			d->count = r->count;
		}
		r->capabilities = V4L2_BUF_CAP_SUPPORTS_MMAP;
		return 0;
	}
	case VIDIOC_QUERYBUF: {
		struct v4l2_buffer *b = arg;
		if (b->index >= d->count) return fail(EINVAL);
		describe(d, b, b->index);
		b->bytesused = 0;
		return 0;
	}
	case VIDIOC_QBUF: {
		struct v4l2_buffer *b = arg;
		if (unplugged()) return fail(ENODEV);
		if (b->index >= d->count || d->queued >= (int)d->count) return fail(EINVAL);
		d->queue[(d->head + d->queued++) % MAX_BUFFERS] = b->index;
		return 0;
	}
	case VIDIOC_DQBUF: return dequeue(d, arg);
	case VIDIOC_STREAMON: {
		if (busy()) return fail(EBUSY);
		long ns = 1000000000L / d->fps_den * d->fps_num;
		struct itimerspec t = { { ns / 1000000000L, ns % 1000000000L }, { ns / 1000000000L, ns % 1000000000L } };
		timerfd_settime(d->fd, 0, &t, NULL);
		d->streaming = 1;
		return 0;
	}
	case VIDIOC_STREAMOFF: {
		struct itimerspec t = { 0 };
		timerfd_settime(d->fd, 0, &t, NULL);
		d->streaming = d->queued = d->head = 0;
		return 0;
	}
	case VIDIOC_QUERYCTRL:
	case VIDIOC_G_CTRL:
	case VIDIOC_S_CTRL:
	case VIDIOC_QUERYMENU: return fail(EINVAL);
	default: return fail(ENOTTY);
	}
}

int ioctl(int fd, unsigned long request, ...) {
	va_list ap;
	va_start(ap, request);
	void *arg = va_arg(ap, void *);
	va_end(ap);
	struct device *d = find(fd);
	if (!d) return REAL(ioctl)(fd, request, arg);
	pthread_mutex_lock(&lock);
	int r = device_ioctl(d, (unsigned int)request, arg);
	pthread_mutex_unlock(&lock);
	return r;
}
