/*
 * Preloaded into one process, sets its clocks: adds to CLOCK_REALTIME and to CLOCK_BOOTTIME the whole seconds that the
 * file named by CLOCKS has, as in "3600 0", and reads them anew each time. CLOCK_MONOTONIC goes on as it is, as it does
 * while a clock is set or a machine is suspended.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

/* Java looks functions of the C library up in that library: it must find ours there. */
static void *real_dlsym(void *library, const char *name) {
  static const char *const versions[] = {"GLIBC_2.34", "GLIBC_2.17", "GLIBC_2.2.5"};
  static void *(*real)(void *, const char *);
  for (int i = 0; !real && i < 3; i++) real = dlvsym(RTLD_NEXT, "dlsym", versions[i]);
  return real(library, name);
}

void *dlsym(void *library, const char *name) {
  return strcmp(name, "clock_gettime") ? real_dlsym(library, name) : (void *)clock_gettime;
}

static void ahead(long *realtime, long *boottime) {
  const char *name = getenv("CLOCKS");
  FILE *file = name ? fopen(name, "r") : NULL;
  *realtime = *boottime = 0;
  if (file) {
    if (fscanf(file, "%ld %ld", realtime, boottime) != 2) *realtime = *boottime = 0;
    fclose(file);
  }
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  static int (*real)(clockid_t, struct timespec *);
  long realtime, boottime;
  int status;
  if (!real) real = real_dlsym(RTLD_NEXT, "clock_gettime");
  status = real(clock, time);
  if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_BOOTTIME) {
    ahead(&realtime, &boottime);
    time->tv_sec += clock == CLOCK_BOOTTIME ? boottime : realtime;
  }
  return status;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  struct timespec now;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &now);
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *at) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (at) *at = now.tv_sec;
  return now.tv_sec;
}
