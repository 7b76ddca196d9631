// replay: runs a fuzz target over every file of its corpus, as an ordinary test.
//
// Each file is also cut short at a few places, so that a small corpus still shows its target the
// ends of things.
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static int replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) return perror(path), 1;
    fseek(file, 0, SEEK_END);
    size_t size = (size_t)ftell(file);
    rewind(file);

    // One allocation of exactly the size each time, so that a sanitizer sees a byte too far.
    static const size_t eighths[] = { 8, 0, 1, 3, 5, 7 };
    for (size_t i = 0; i < sizeof(eighths) / sizeof(eighths[0]); i++) {
        size_t len = size * eighths[i] / 8;
        unsigned char *data = malloc(len > 0 ? len : 1);
        rewind(file);
        if (data == NULL || fread(data, 1, len, file) != len) return perror(path), 1;
        LLVMFuzzerTestOneInput(data, len);
        free(data);
    }
    fclose(file);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 2) return fprintf(stderr, "usage: %s CORPUS-FOLDER\n", argv[0]), 2;

    DIR *folder = opendir(argv[1]);
    if (folder == NULL) return perror(argv[1]), 1;

    int replayed = 0, failed = 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.') continue;
        char path[4096];
        snprintf(path, sizeof(path), "%s/%s", argv[1], entry->d_name);
        failed += replay_file(path);
        replayed++;
    }
    closedir(folder);
    printf("replayed %d files\n", replayed);
    return failed > 0 || replayed == 0;
}
