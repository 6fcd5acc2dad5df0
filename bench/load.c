/*
 * The viewers of the benchmark: many connections that ask for one stream, in one thread.
 *
 *   load --host 127.0.0.1 --port N --path /stream --connections N --seconds S
 *        [--parse N] [--warmup S] [--ready S] [--pid PID] [--until-first]
 *
 * Reading costs next to nothing: bytes are dropped in the kernel (recv with MSG_TRUNC), so that the
 * machine's cores are the server's. The first `--parse` connections read the headers of every part,
 * and the first bytes of its picture, and drop the rest in the same way: they know when each picture
 * was whole, and how old it was by then, from the stamp that the virtual camera wrote into it and
 * from the X-Timestamp in front of it. Every part must announce its length.
 *
 * When every connection has got a part of a picture, `--warmup` passes; then bytes are counted for
 * `--seconds`, together with the CPU time of the process `--pid` and all that descend from it.
 * `--until-first` ends with the first real picture instead. The result is one line of JSON.
 *
 *   cc -O2 -o load load.c
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "stamp.h"

#define BODY_HEAD 64
#define HEAD_ROOM 4096
/* More than any answer's head: whoever got this much has a part of a picture. */
#define READY_BYTES 4096
#define MAX_CONNECTIONS 20000

struct connection {
	int fd;
	int asked, parses, status;
	uint64_t bytes, at_start;
	/* for those that parse */
	char head[HEAD_ROOM];
	size_t head_length;
	int in_body;
	uint64_t body, left;
	unsigned char body_head[BODY_HEAD];
	size_t body_head_length;
	double timestamp, last_stamp;
	int placeholder;
	uint64_t frames;
};

struct samples { double *at; size_t count, room; };

static const char *host = "127.0.0.1", *path = "/";
static int port, wanted = 1, parsing = 1, until_first, root_pid;
static double warmup = 1, seconds = 3, ready_within = 15;

static struct connection *connections;
static int poller, connected, asked, ended, counting;
static uint64_t frames, frame_bytes, repeated, placeholders;
static struct samples stamped, timestamped, offset;
static double began, first_picture, first_age;

static double clock_ms(clockid_t clock) {
	struct timespec t;
	if (clock_gettime(clock, &t)) return 0;
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static double now_ms(void) { return clock_ms(CLOCK_MONOTONIC); }

static void die(const char *what) {
	fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void add(struct samples *s, double value) {
	if (s->count == s->room) {
		s->room = s->room ? 2 * s->room : 4096;
		s->at = realloc(s->at, s->room * sizeof *s->at);
		if (!s->at) die("memory");
	}
	s->at[s->count++] = value;
}

static int ascending(const void *a, const void *b) {
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static void print_samples(const char *name, struct samples *s) {
	if (!s->count) return;
	qsort(s->at, s->count, sizeof *s->at, ascending);
	double sum = 0;
	for (size_t i = 0; i < s->count; i++) sum += s->at[i];
#define QUANTILE(q) s->at[(size_t)((s->count - 1) * (q) + 0.5)]
	printf(",\"%s\":{\"count\":%zu,\"mean\":%.3f,\"min\":%.3f,\"p50\":%.3f,\"p90\":%.3f,\"p99\":%.3f,\"max\":%.3f}",
	       name, s->count, sum / s->count, s->at[0], QUANTILE(0.5), QUANTILE(0.9), QUANTILE(0.99), s->at[s->count - 1]);
}

/* CPU time and memory of a process and its descendants. */
struct usage { double cpu; uint64_t resident; };

static void add_usage(int pid, struct usage *u) {
	char name[64], text[4096];
	clockid_t clock;
	/* Nanoseconds, and of the threads that have ended too. */
	if (clock_getcpuclockid(pid, &clock) == 0) u->cpu += clock_ms(clock);
	snprintf(name, sizeof name, "/proc/%d/stat", pid);
	FILE *f = fopen(name, "r");
	if (!f) return;
	size_t n = fread(text, 1, sizeof text - 1, f);
	fclose(f);
	text[n] = 0;
	/* Children that have ended: cutime and cstime, fields 16 and 17, in ticks. */
	char *at = strrchr(text, ')');
	unsigned long user = 0, kernel = 0;
	if (at && sscanf(at + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %lu %lu", &user, &kernel) == 2)
		u->cpu += (user + kernel) * 1e3 / sysconf(_SC_CLK_TCK);
	snprintf(name, sizeof name, "/proc/%d/statm", pid);
	unsigned long pages = 0;
	if ((f = fopen(name, "r"))) {
		if (fscanf(f, "%*u %lu", &pages) == 1) u->resident += (uint64_t)pages * sysconf(_SC_PAGESIZE);
		fclose(f);
	}
	snprintf(name, sizeof name, "/proc/%d/task", pid);
	DIR *tasks = opendir(name);
	for (struct dirent *e; tasks && (e = readdir(tasks));) {
		if (!isdigit((unsigned char)e->d_name[0])) continue;
		snprintf(name, sizeof name, "/proc/%d/task/%d/children", pid, atoi(e->d_name));
		if (!(f = fopen(name, "r"))) continue;
		for (int child; fscanf(f, "%d", &child) == 1;) add_usage(child, u);
		fclose(f);
	}
	if (tasks) closedir(tasks);
}

static struct usage usage(void) {
	struct usage u = { 0 };
	if (root_pid) add_usage(root_pid, &u);
	return u;
}

static const char *find_header(const char *block, const char *name) {
	size_t length = strlen(name);
	for (const char *line = block; line;) {
		if (strncasecmp(line, name, length) == 0 && line[length] == ':') return line + length + 1;
		line = strstr(line, "\r\n");
		if (line) line += 2;
	}
	return NULL;
}

/* Microseconds since the epoch, 0 when the picture has no stamp. */
static double stamp_of(const struct connection *c) {
	if (!has_stamp(c->body_head, c->body_head_length)) return 0;
	char digits[STAMP_DIGITS + 1] = { 0 };
	memcpy(digits, c->body_head + STAMP_AT + strlen(STAMP_TEXT), STAMP_DIGITS);
	return strtod(digits, NULL);
}

static void whole_picture(struct connection *c) {
	double now = clock_ms(CLOCK_REALTIME), stamp = stamp_of(c) / 1e3;
	c->in_body = 0;
	if (c->placeholder) {
		placeholders++;
		return;
	}
	if (!first_picture) {
		first_picture = now_ms() - began;
		first_age = stamp ? now - stamp : 0;
	}
	if (!counting) return;
	frames++;
	c->frames++;
	frame_bytes += c->body;
	double identity = stamp ? stamp : c->timestamp;
	if (identity && identity == c->last_stamp) {
		repeated++;
		return;
	}
	c->last_stamp = identity;
	if (stamp) add(&stamped, now - stamp);
	if (c->timestamp) add(&timestamped, now - c->timestamp);
	if (stamp && c->timestamp) add(&offset, c->timestamp - stamp);
}

/* Bytes of the body that were read, in memory. Returns how many belonged to it. */
static size_t take_body(struct connection *c, const char *data, size_t length) {
	size_t n = length < c->left ? length : c->left;
	size_t keep = BODY_HEAD - c->body_head_length;
	if (keep > n) keep = n;
	memcpy(c->body_head + c->body_head_length, data, keep);
	c->body_head_length += keep;
	c->left -= n;
	if (!c->left) whole_picture(c);
	return n;
}

/* Looks through what was read before a body: the answer's head, boundaries, the part's headers. */
static void take_head(struct connection *c) {
	for (;;) {
		c->head[c->head_length] = 0;
		char *end = memmem(c->head, c->head_length, "\r\n\r\n", 4);
		if (!end) {
			if (c->head_length > HEAD_ROOM / 2) {
				memmove(c->head, c->head + c->head_length - 3, 3);
				c->head_length = 3;
			}
			return;
		}
		*end = 0;
		char *rest = end + 4;
		size_t behind = c->head_length - (rest - c->head);
		if (!c->status && sscanf(c->head, "HTTP/%*s %d", &c->status) == 1) {
			memmove(c->head, rest, behind);
			c->head_length = behind;
			continue;
		}
		const char *length = find_header(c->head, "Content-Length"), *at = find_header(c->head, "X-Timestamp");
		if (length) {
			c->body = c->left = strtoull(length, NULL, 10);
			c->timestamp = at ? strtod(at, NULL) * 1e3 : 0;
			c->placeholder = find_header(c->head, "X-Placeholder") != NULL;
			c->body_head_length = 0;
			c->in_body = c->left > 0;
			if (c->in_body) {
				size_t n = take_body(c, rest, behind);
				rest += n;
				behind -= n;
			}
		}
		memmove(c->head, rest, behind);
		c->head_length = behind;
		if (c->in_body) return;
	}
}

/* Bytes read; 0 at the end, -1 when there is nothing now. */
static ssize_t read_parsing(struct connection *c) {
	ssize_t n;
	if (!c->in_body) {
		n = recv(c->fd, c->head + c->head_length, HEAD_ROOM / 2 - 1, 0);
		if (n > 0) {
			c->head_length += n;
			take_head(c);
		}
	} else if (c->body_head_length < BODY_HEAD) {
		char data[BODY_HEAD];
		size_t want = BODY_HEAD - c->body_head_length;
		n = recv(c->fd, data, want < c->left ? want : c->left, 0);
		if (n > 0) take_body(c, data, n);
	} else {
		n = recv(c->fd, NULL, c->left < 1 << 20 ? c->left : 1 << 20, MSG_TRUNC);
		if (n > 0) {
			c->left -= n;
			if (!c->left) whole_picture(c);
		}
	}
	return n;
}

static void end(struct connection *c) {
	close(c->fd);
	c->fd = -1;
	ended++;
}

static void ask(struct connection *c) {
	char request[1024];
	int n = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: %s:%d\r\nUser-Agent: framehub-bench\r\nAccept: */*\r\n\r\n", path, host, port);
	int error = 0;
	socklen_t size = sizeof error;
	getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &size);
	if (error || send(c->fd, request, n, MSG_NOSIGNAL) != n) {
		end(c);
		return;
	}
	c->asked = 1;
	asked++;
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = c };
	epoll_ctl(poller, EPOLL_CTL_MOD, c->fd, &e);
}

static void readable(struct connection *c) {
	/* A parsing connection reads until there is nothing: its answer is when a picture was whole. */
	for (int turn = 0; c->fd >= 0 && turn < (c->parses ? 16 : 1); turn++) {
		ssize_t n = c->parses ? read_parsing(c) : recv(c->fd, NULL, 1 << 20, MSG_TRUNC);
		if (n > 0) {
			c->bytes += n;
			continue;
		}
		if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
		end(c);
	}
}

static void open_connection(struct connection *c) {
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
	if (inet_pton(AF_INET, host, &to.sin_addr) != 1) die(host);
	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (c->fd < 0) die("socket");
	int on = 1;
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (connect(c->fd, (struct sockaddr *)&to, sizeof to) && errno != EINPROGRESS) die("connect");
	struct epoll_event e = { .events = EPOLLOUT, .data.ptr = c };
	if (epoll_ctl(poller, EPOLL_CTL_ADD, c->fd, &e)) die("epoll_ctl");
	connected++;
}

static void poll_once(int ms) {
	struct epoll_event events[256];
	int n = epoll_wait(poller, events, 256, ms);
	for (int i = 0; i < n; i++) {
		struct connection *c = events[i].data.ptr;
		if (c->fd < 0) continue;
		if (!c->asked) ask(c);
		else readable(c);
	}
}

static int count_ready(void) {
	int n = 0;
	for (int i = 0; i < connected; i++) n += connections[i].bytes >= READY_BYTES;
	return n;
}

static void run_for(double ms) {
	for (double until = now_ms() + ms, left; (left = until - now_ms()) > 0;) poll_once(left < 1 ? 1 : (int)left);
}

static void arguments(int argc, char **argv) {
	for (int i = 1; i < argc; i++) {
		const char *name = argv[i];
		if (strcmp(name, "--until-first") == 0) { until_first = 1; continue; }
		const char *value = i + 1 < argc ? argv[++i] : "";
		if (strcmp(name, "--host") == 0) host = value;
		else if (strcmp(name, "--port") == 0) port = atoi(value);
		else if (strcmp(name, "--path") == 0) path = value;
		else if (strcmp(name, "--connections") == 0) wanted = atoi(value);
		else if (strcmp(name, "--parse") == 0) parsing = atoi(value);
		else if (strcmp(name, "--warmup") == 0) warmup = atof(value);
		else if (strcmp(name, "--seconds") == 0) seconds = atof(value);
		else if (strcmp(name, "--ready") == 0) ready_within = atof(value);
		else if (strcmp(name, "--pid") == 0) root_pid = atoi(value);
		else { fprintf(stderr, "load: there is no option %s\n", name); exit(2); }
	}
	if (wanted < 0 || wanted > MAX_CONNECTIONS) { fprintf(stderr, "load: --connections %d\n", wanted); exit(2); }
}

int main(int argc, char **argv) {
	arguments(argc, argv);
	connections = calloc(wanted ? wanted : 1, sizeof *connections);
	poller = epoll_create1(EPOLL_CLOEXEC);
	if (!connections || poller < 0) die("memory");

	/* A batch at a time, so that a short listen backlog is no obstacle. */
	began = now_ms();
	for (int i = 0; i < wanted; i++) {
		connections[i].parses = i < parsing;
		open_connection(&connections[i]);
		if (i % 20 == 19) run_for(2);
	}
	double give_up = now_ms() + ready_within * 1e3;
	while (until_first && !first_picture && ended < wanted && now_ms() < give_up) poll_once(10);
	while (!until_first && count_ready() < wanted && ended < wanted && now_ms() < give_up) poll_once(10);
	int ready = count_ready();
	double measured = 0, own = 0;
	struct usage before = { 0 }, after = { 0 };
	if (!until_first) {
		run_for(warmup * 1e3);
		ended = 0;
		for (int i = 0; i < wanted; i++) connections[i].at_start = connections[i].bytes;
		counting = 1;
		before = usage();
		double start = now_ms();
		own = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
		run_for(seconds * 1e3);
		own = clock_ms(CLOCK_PROCESS_CPUTIME_ID) - own;
		measured = (now_ms() - start) / 1e3;
		after = usage();
	}

	uint64_t bytes = 0, least = UINT64_MAX, most = 0, fewest_frames = UINT64_MAX, most_frames = 0;
	for (int i = 0; i < wanted; i++) {
		struct connection *c = &connections[i];
		uint64_t n = c->bytes - c->at_start;
		bytes += n;
		if (n < least) least = n;
		if (n > most) most = n;
		if (!c->parses) continue;
		if (c->frames < fewest_frames) fewest_frames = c->frames;
		if (c->frames > most_frames) most_frames = c->frames;
	}
	printf("{\"connections\":%d,\"asked\":%d,\"ready\":%d,\"ended\":%d,\"status\":%d,\"seconds\":%.4f",
	       wanted, asked, ready, ended, wanted ? connections[0].status : 0, measured);
	printf(",\"bytes\":%llu,\"bytesLeast\":%llu,\"bytesMost\":%llu", (unsigned long long)bytes,
	       (unsigned long long)(wanted ? least : 0), (unsigned long long)most);
	printf(",\"cpuMs\":%.3f,\"resident\":%llu,\"ownCpuMs\":%.3f", after.cpu - before.cpu,
	       (unsigned long long)after.resident, own);
	if (first_picture) printf(",\"firstPictureMs\":%.3f", first_picture);
	if (first_age) printf(",\"firstAgeMs\":%.3f", first_age);
	if (frames)
		printf(",\"frames\":%llu,\"framesFewest\":%llu,\"framesMost\":%llu,\"frameBytes\":%.1f,\"repeated\":%llu",
		       (unsigned long long)frames, (unsigned long long)fewest_frames, (unsigned long long)most_frames,
		       (double)frame_bytes / frames, (unsigned long long)repeated);
	printf(",\"placeholders\":%llu", (unsigned long long)placeholders);
	print_samples("age", &stamped);
	print_samples("timestampAge", &timestamped);
	print_samples("timestampOffset", &offset);
	puts("}");
	return 0;
}
