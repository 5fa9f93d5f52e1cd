/*
 * Preloaded into one process, makes what it writes to disk slow or fail: the file named by DISK has a number of
 * milliseconds that each fsync and fdatasync takes longer, or the word "fails". It is read anew each time; without it
 * the disk is as it is.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int fault(void) {
  const char *name = getenv("DISK");
  FILE *file = name ? fopen(name, "r") : NULL;
  char word[32] = "";
  if (!file) return 0;
  if (fscanf(file, "%31s", word) != 1) *word = 0;
  fclose(file);
  if (!strcmp(word, "fails")) return EIO;
  long millis = atol(word);
  struct timespec rest = {millis / 1000, millis % 1000 * 1000000};
  if (millis > 0) nanosleep(&rest, NULL);
  return 0;
}

static int synced(long call, int descriptor) {
  int error = fault();
  if (error) {
    errno = error;
    return -1;
  }
  return (int)syscall(call, descriptor);
}

int fsync(int descriptor) { return synced(SYS_fsync, descriptor); }

int fdatasync(int descriptor) { return synced(SYS_fdatasync, descriptor); }
