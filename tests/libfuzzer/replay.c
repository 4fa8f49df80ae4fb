// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_fuzz_X: the corpus of fuzz_X.c once more, without libFuzzer, so that what was found
 * once is tried by every `make check`
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LONGEST (1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t *input;

static int replay(const char *path)
{
	FILE *f = fopen(path, "re");
	uint8_t *copy;
	size_t size;

	if (!f) {
		perror(path);
		return 1;
	}
	size = fread(input, 1, LONGEST, f);
	fclose(f);
	/* of its very size, so that a look behind its end is seen */
	copy = malloc(size + !size);
	if (!copy)
		return 1;
	memcpy(copy, input, size);
	printf("%s, %zu bytes\n", path, size);
	fflush(stdout);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
	return 0;
}

int main(int argc, char *argv[])
{
	const char *name = strstr(argc > 0 ? argv[0] : "", "test_fuzz_");
	char folder[256], path[512];
	struct dirent *entry;
	int n = 0, failed = 0;
	DIR *dir;

	snprintf(folder, sizeof(folder), "tests/libfuzzer/corpus/%s",
		 name ? name + strlen("test_fuzz_") : "");
	dir = opendir(folder);
	input = malloc(LONGEST);
	if (!dir || !input) {
		perror(folder);
		return 1;
	}
	while ((entry = readdir(dir))) {
		if (*entry->d_name == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		failed |= replay(path);
		n++;
	}
	closedir(dir);
	free(input);
	printf("%d inputs\n", n);
	return failed || !n;
}
