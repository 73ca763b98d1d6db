# make run   builds the release and runs the main job on it
# make test  everything a change must pass, ending with ctest's summary
# make deb   the Debian package, in build/release
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
JOBS ?= $(shell nproc)
export CMAKE_BUILD_PARALLEL_LEVEL := $(JOBS)

.PHONY: run test deb format clean
run:
	tools/install-deps
	tools/build release
	tools/run-demo build/release/zae-limiter

test:
	tools/install-deps
	tools/install-dynamodb-servers
	tools/run-tests

deb:
	tools/install-deps
	tools/build release
	cd build/release && cpack

format:
	git ls-files '*.cc' '*.h' | xargs clang-format-14 -i

clean:
	rm -rf build
