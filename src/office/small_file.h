// small_file: files of a few lines that the office keeps beside the store: its keys, how far it is.
//
// They are replaced as a whole: after a crash there is the old one or the new one, never half of
// one.
#ifndef TW_OFFICE_SMALL_FILE_H
#define TW_OFFICE_SMALL_FILE_H

#include "base/error.h"

#include <sys/types.h>

enum { SMALL_FILE_PATH_MAX = 640, SMALL_FILE_MAX = 4096 };

// "<directory>/<name>"; asserted to fit.
void small_file_path(const char *directory, const char *name, char path[SMALL_FILE_PATH_MAX]);

// `durable`: returns only when the file and its name have reached the disk.
MUST_CHECK bool small_file_write(const char *directory, const char *name, struct span text,
                                 mode_t mode, bool durable, struct error *err);

// Text of at most SMALL_FILE_MAX bytes. ERROR_NOT_FOUND when there is no such file.
MUST_CHECK bool small_file_read(const char *directory, const char *name,
                                char text[SMALL_FILE_MAX], size_t *size, struct error *err);

#endif
