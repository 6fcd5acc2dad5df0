/*
 * The floor: the least a server can do to give many viewers a picture. One loop that ticks 30 times
 * a second and sends the same bytes to every socket with one call each. It asks nobody anything,
 * keeps no state but where a socket stopped in the middle of a picture, and a socket that has not
 * taken its last picture is left out. Everything a real server does comes on top of this.
 *
 *   floor FOLDER [FPS]      the JPEG files of the folder, in turn; prints its port
 *
 *   cc -O2 -o floor floor.c
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
#include "stamp.h"

#define MAX_PARTS 256
#define MAX_FD 20000
#define BOUNDARY "--floor-of-the-benchmark\r\n"

struct part { char *bytes; size_t length, body; };
struct viewer { int watching; const char *rest; size_t left; };

static struct part parts[MAX_PARTS];
static int part_count;
static struct viewer viewers[MAX_FD];
static int highest = -1, poller;

static void die(const char *what) {
	perror(what);
	exit(1);
}

static int by_name(const void *a, const void *b) { return strcmp(*(char **)a, *(char **)b); }

static void load_parts(const char *folder) {
	DIR *dir = opendir(folder);
	if (!dir) die(folder);
	char *names[MAX_PARTS];
	for (struct dirent *e; (e = readdir(dir)) && part_count < MAX_PARTS;)
		if (strstr(e->d_name, ".jpg")) names[part_count++] = strdup(e->d_name);
	closedir(dir);
	if (!part_count) { fprintf(stderr, "floor: no pictures in %s\n", folder); exit(1); }
	qsort(names, part_count, sizeof *names, by_name);
	for (int i = 0; i < part_count; i++) {
		char name[4096], head[256];
		snprintf(name, sizeof name, "%s/%s", folder, names[i]);
		FILE *f = fopen(name, "rb");
		struct stat st;
		if (!f || fstat(fileno(f), &st)) die(name);
		struct part *p = &parts[i];
		p->body = snprintf(head, sizeof head, "Content-Type: image/jpeg\r\nContent-Length: %lld\r\n\r\n", (long long)st.st_size);
		p->length = p->body + st.st_size + 2 + strlen(BOUNDARY);
		p->bytes = malloc(p->length + 1);
		memcpy(p->bytes, head, p->body);
		if (fread(p->bytes + p->body, 1, st.st_size, f) != (size_t)st.st_size) die(name);
		fclose(f);
		memcpy(p->bytes + p->body + st.st_size, "\r\n" BOUNDARY, 2 + strlen(BOUNDARY));
	}
}

static void listen_to(int fd, uint32_t events, int how) {
	struct epoll_event e = { .events = events, .data.fd = fd };
	if (epoll_ctl(poller, how, fd, &e)) die("epoll_ctl");
}

static void drop(int fd) {
	memset(&viewers[fd], 0, sizeof viewers[fd]);
	close(fd);
}

static void give(int fd, const char *bytes, size_t length) {
	struct viewer *v = &viewers[fd];
	int waited = v->left > 0;
	ssize_t n = send(fd, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n < 0 && errno != EAGAIN) {
		drop(fd);
		return;
	}
	if (n < 0) n = 0;
	v->rest = bytes + n;
	v->left = length - n;
	if (waited != (v->left > 0)) listen_to(fd, EPOLLIN | (v->left ? EPOLLOUT : 0), EPOLL_CTL_MOD);
}

static void tick(int timer) {
	static unsigned turn;
	uint64_t ticks;
	if (read(timer, &ticks, sizeof ticks) != sizeof ticks) return;
	struct part *p = &parts[turn++ % part_count];
	write_stamp(p->bytes + p->body, p->length - p->body);
	for (int fd = 0; fd <= highest; fd++)
		if (viewers[fd].watching && !viewers[fd].left) give(fd, p->bytes, p->length);
}

static void welcome(int listener) {
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
	if (fd < 0) return;
	if (fd >= MAX_FD) { close(fd); return; }
	int on = 1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	memset(&viewers[fd], 0, sizeof viewers[fd]);
	if (fd > highest) highest = fd;
	listen_to(fd, EPOLLIN, EPOLL_CTL_ADD);
}

static void request(int fd) {
	char text[2048];
	ssize_t n = recv(fd, text, sizeof text, 0);
	if (n == 0 || (n < 0 && errno != EAGAIN)) { drop(fd); return; }
	if (n < 0 || viewers[fd].watching) return;
	static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=floor-of-the-benchmark\r\nConnection: close\r\n\r\n" BOUNDARY;
	viewers[fd].watching = 1;
	give(fd, head, sizeof head - 1);
}

int main(int argc, char **argv) {
	if (argc < 2) { fprintf(stderr, "floor FOLDER [FPS]\n"); return 2; }
	load_parts(argv[1]);
	long fps = argc > 2 ? atol(argv[2]) : 30;
	signal(SIGPIPE, SIG_IGN);
	poller = epoll_create1(0);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof here;
	if (bind(listener, (struct sockaddr *)&here, sizeof here) || listen(listener, 1024)) die("listen");
	getsockname(listener, (struct sockaddr *)&here, &size);
	int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
	struct itimerspec every = { { 0, 1000000000L / fps }, { 0, 1000000000L / fps } };
	timerfd_settime(timer, 0, &every, NULL);
	listen_to(listener, EPOLLIN, EPOLL_CTL_ADD);
	listen_to(timer, EPOLLIN, EPOLL_CTL_ADD);
	printf("listening on port %d\n", ntohs(here.sin_port));
	fflush(stdout);
	for (;;) {
		struct epoll_event events[256];
		int n = epoll_wait(poller, events, 256, -1);
		for (int i = 0; i < n; i++) {
			int fd = events[i].data.fd;
			if (fd == timer) tick(timer);
			else if (fd == listener) welcome(listener);
			else {
				if (events[i].events & EPOLLOUT && viewers[fd].left) give(fd, viewers[fd].rest, viewers[fd].left);
				if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) request(fd);
			}
		}
	}
}
