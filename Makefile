# SPDX-License-Identifier: GPL-2.0-or-later
# vswitch-lite: everything that is built goes under build/.  `make help` lists
# the targets.  The module's own build file is datapath/Kbuild.

# Headers of the running kernel, or else the newest installed; KDIR=... overrides.
GIVEN	:= $(filter-out undefined,$(origin KDIR))
ifeq ($(GIVEN),)
KDIR	:= $(firstword $(wildcard /lib/modules/$(shell uname -r)/build) \
	     $(shell ls -d /lib/modules/*/build 2>/dev/null | sort -V | tail -n 1))
endif
KVER	:= $(shell sed -n 's/^.define UTS_RELEASE "\(.*\)"/\1/p' \
	     "$(KDIR)/include/generated/utsrelease.h" 2>/dev/null)
# Guests boot KDIR's kernel where KDIR was given, or else the reference kernel.
GUEST	= $(if $(GIVEN),$(KVER),$(shell tests/rig/kernel version))

CC	= gcc
AR	= ar
CFLAGS	= -O2 -g
PKGS	= libnl-3.0 libnl-genl-3.0 json-c libpcap libconfuse
override CFLAGS	  += -std=gnu11 -Wall -Wextra
override CPPFLAGS += -D_GNU_SOURCE= -Iinclude -Ilib -I. -MMD -MP $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
LIBS	= $(shell pkg-config --libs $(PKGS))
# The tools run with a capability: what the compiler can do against a slip of ours.
HARDEN	= -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection -fcf-protection -fPIE
HARDEN_LD = -pie -Wl,-z,relro,-z,now
SAN	= -fsanitize=address,undefined -fno-sanitize-recover=all

# V=1 shows whole commands.
ifeq ($(V),)
Q	= @
say	= @echo "  $(1)	$(or $(2),$@)"
MAKEFLAGS += --no-print-directory
endif

LIB	:= $(wildcard lib/*.c)
DAEMON	:= $(wildcard vswitchd/*.c)
CTL	:= $(wildcard utilities/*.c)
UNITS	:= $(patsubst tests/unit/%.c,build/test/%,$(wildcard tests/unit/test_*.c))
HELPERS	:= $(patsubst tests/%.c,build/test/%,$(wildcard tests/system/*.c tests/bench/*.c))
INTEROP	:= build/test/interop/dpctl.so \
	   $(patsubst tests/interop/%.c,build/test/interop/%,$(wildcard $(addprefix \
	     tests/interop/,send.c record.c requests.c combos.c packets.c)))
FUZZ	:= $(patsubst tests/fuzz/%.c,build/test/fuzz/%,$(wildcard $(addprefix \
	     tests/fuzz/,netlink.c packets.c faults.c answers.c)))
COMPARED := $(INTEROP) build/test/fuzz/answers
FUZZ_SHARED := $(filter-out $(FUZZ:build/test/%=tests/%.c),$(wildcard tests/fuzz/*.c)) \
	   $(addprefix tests/interop/,attr_tree.c generate.c generate_action.c \
	     corpus.c frame.c packet_socket.c wire.c)
INTEROP_SHARED := $(filter-out tests/interop/dpctl.c $(INTEROP:build/test/%=tests/%.c),$(wildcard tests/interop/*.c))
MODULE	:= $(filter-out %.mod.c,$(wildcard datapath/Kbuild datapath/*.[ch] \
	     datapath/*/*.[ch] datapath/*/*/*.[ch] datapath/*/*/*/*.[ch] include/*.h))

all: tools module ## build the tools and the kernel module (KDIR= for another kernel)

tools: build/vslctl build/vswitchd-lite $(HELPERS) ## build what runs in user space

build/obj/%.o: %.c | libs
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(HARDEN) -c -o $@ $<

build/san/%.o: %.c | libs
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(SAN) -c -o $@ $<

# For tests/style: the same sources, every warning an error.
build/werror/%.o: %.c | libs
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -Werror -c -o $@ $<

werror: $(patsubst %.c,build/werror/%.o,$(LIB) $(DAEMON) $(CTL) $(filter-out tests/readers/%,$(wildcard tests/[!mn]*/*.c)))

libs:
	@pkg-config --exists $(PKGS) || { echo "Libraries are missing ($(PKGS), uthash): run tests/rig/prepare demo" >&2; exit 1; }

build/libvsl.a: $(LIB:%.c=build/obj/%.o)
	$(call say,AR)
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

build/vslctl: $(CTL:%.c=build/obj/%.o) build/libvsl.a
	$(call say,LD)
	$(Q)$(CC) $(CFLAGS) $(HARDEN_LD) $(LDFLAGS) -o $@ $^ $(LIBS)

build/vswitchd-lite: $(DAEMON:%.c=build/obj/%.o) build/libvsl.a
	$(call say,LD)
	$(Q)$(CC) $(CFLAGS) $(HARDEN_LD) $(LDFLAGS) -o $@ $^ $(LIBS)

# The tools with ASan and UBSan, for `make check-asan`.
build/asan/vslctl: $(CTL:%.c=build/san/%.o) $(LIB:%.c=build/san/%.o)
build/asan/vswitchd-lite: $(DAEMON:%.c=build/san/%.o) $(LIB:%.c=build/san/%.o)
build/asan/vslctl build/asan/vswitchd-lite:
	$(call say,LD)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(SAN) $(LDFLAGS) -o $@ $^ $(LIBS)

# The same and the unit tests, counting which lines they run, for `make coverage`.
build/cov/%.o: %.c | libs
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -O0 --coverage -c -o $@ $<

COVERED	= build/cov/vslctl build/cov/vswitchd-lite $(UNITS:build/test/%=build/cov/%)
build/cov/vslctl: $(patsubst %.c,build/cov/%.o,$(CTL) $(LIB))
build/cov/vswitchd-lite: $(patsubst %.c,build/cov/%.o,$(DAEMON) $(LIB))
build/cov/test_%: build/cov/tests/unit/test_%.o \
	  $(patsubst %.c,build/cov/%.o,$(LIB) $(filter-out vswitchd/main.c,$(DAEMON)))
	$(call say,LD)
	$(Q)$(CC) $(CFLAGS) --coverage $(WRAP_test_$*:%=-Wl,--wrap=%) $(LDFLAGS) -o $@ $^ $(LIBS) -lcmocka
build/cov/vslctl build/cov/vswitchd-lite:
	$(call say,LD)
	$(Q)$(CC) $(CFLAGS) --coverage $(LDFLAGS) -o $@ $^ $(LIBS)

# Programs of libFuzzer's, tests/libfuzzer/fuzz_X.c, each with seeds in corpus/X and words
# in X.dict.
FUZZERS	:= $(patsubst tests/libfuzzer/fuzz_%.c,%,$(wildcard tests/libfuzzer/fuzz_*.c))
RUNS	= 100000
FUZZ_CC	= clang -DMETHODS_PAGE=4 -gdwarf-4 -fsanitize=address,undefined -fno-sanitize-recover=all
WRAP_config = vsl_pcap_filter_new
WRAP_control = vsl_nl_has vsl_dp_get datapath_ifindex vswitchd_reload

build/libfuzzer/obj/%.o: %.c | libs
	$(call say,CLANG,$<)
	@mkdir -p $(@D)
	$(Q)$(FUZZ_CC) -fsanitize=fuzzer-no-link $(CPPFLAGS) $(CFLAGS) -Wno-gnu-folding-constant -c -o $@ $<

build/libfuzzer/fuzz_%: build/libfuzzer/obj/tests/libfuzzer/fuzz_%.o \
	  $(patsubst %.c,build/libfuzzer/obj/%.o,$(LIB) $(filter-out vswitchd/main.c,$(DAEMON)))
	$(call say,LD)
	$(Q)$(FUZZ_CC) -fsanitize=fuzzer $(WRAP_$*:%=-Wl,--wrap=%) -o $@ $^ $(LIBS)

# Programs that system tests and measurements run.
$(HELPERS): build/test/%: build/obj/tests/%.o build/libvsl.a
	$(call say,LD)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

# Programs that run under both modules, and what is preloaded into ovs-dpctl.
$(filter-out %.so,$(INTEROP)): build/test/interop/%: build/obj/tests/interop/%.o \
	  $(INTEROP_SHARED:%.c=build/obj/%.o) build/libvsl.a
	$(call say,LD)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

# Programs that try to break the module.
$(FUZZ): build/test/fuzz/%: build/obj/tests/fuzz/%.o $(FUZZ_SHARED:%.c=build/obj/%.o) build/libvsl.a
	$(call say,LD)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

build/test/interop/dpctl.so: tests/interop/dpctl.c
	$(call say,LD)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -shared -fPIC -o $@ $<

# Unit tests see everything of the library and the daemon but its main(). WRAP_X are
# functions that X has its own of.
WRAP_test_methods = $(WRAP_control)
WRAP_test_loops = outbox_execute
WRAP_test_flows = outbox_flow_put outbox_flow_del
WRAP_test_no_memory = malloc calloc realloc strdup nlmsg_alloc_size nl_socket_alloc
$(UNITS): build/test/%: build/san/tests/unit/%.o \
	  $(patsubst %.c,build/san/%.o,$(LIB) $(filter-out vswitchd/main.c,$(DAEMON)))
	$(call say,LD)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(SAN) $(WRAP_$*:%=-Wl,--wrap=%) $(LDFLAGS) -o $@ $^ $(LIBS) -lcmocka

# The fuzzers' corpora, without libFuzzer.
REPLAYS	:= $(FUZZERS:%=build/test/test_fuzz_%)
$(REPLAYS): build/test/test_fuzz_%: build/san/tests/libfuzzer/fuzz_%.o build/san/tests/libfuzzer/replay.o \
	  $(patsubst %.c,build/san/%.o,$(LIB) $(filter-out vswitchd/main.c,$(DAEMON)))
	$(call say,LD)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(SAN) $(WRAP_$*:%=-Wl,--wrap=%) $(LDFLAGS) -o $@ $^ $(LIBS)

units: $(UNITS) $(REPLAYS) build/test/test_table

# The flow table's very sources, built for user space: tests/model/shim.h.  The C
# library needs the one header of the kernel's that is not made empty.
TABLE	:= $(addprefix datapath/,table directory partition subtable build leaf mask slots cache flow)
MODEL	= -MMD -MP -Ibuild/model/include -Idatapath -include tests/model/shim.h \
	  $(CFLAGS) -fno-strict-aliasing -Wno-unused-parameter -Wno-sign-compare $(SAN)

build/model/%.o: %.c tests/model/shim.h | libs
	$(call say,CC,$<)
	@mkdir -p $(@D) build/model/include/linux/sched
	@for h in $$(sed -n 's/^#include <linux\/\(.*\)>/\1/p' datapath/*.[ch] | grep -vx errno.h); do : >build/model/include/linux/$$h; done
	$(Q)$(CC) $(MODEL) -c -o $@ $<

build/test/test_table: $(TABLE:%=build/model/%.o) build/model/tests/model/test_table.o
	$(call say,LD)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(SAN) -o $@ $^

# The module is built from links to its sources, so that the builds of several
# kernels live side by side and the source tree stays clean.
module: kdir $(addprefix build/$(KVER)/,vswitch_lite.ko netlink30.ko table_readers.ko) ## build the kernel module alone

NO_HEADERS = no kernel headers found: install linux-headers-amd64, or say KDIR=...

kdir:
	@test -n "$(KVER)" || { echo "$(if $(KDIR),KDIR=$(KDIR) is not a prepared kernel tree,$(NO_HEADERS))" >&2; exit 1; }

build/$(KVER)/vswitch_lite.ko: $(MODULE)
	@for f in $(MODULE); do \
		mkdir -p "$(@D)/$${f%/*}" && ln -sfn "$(CURDIR)/$$f" "$(@D)/$$f" || exit; \
	done; find $(@D) -xtype l -delete
	$(Q)$(MAKE) $(if $(Q),-s) -C "$(KDIR)" M="$(CURDIR)/$(@D)/datapath" modules
	$(call say,MODULE)
	@cp $(@D)/datapath/vswitch_lite.ko $@.new && mv $@.new $@

# Modules of the tests' own: what receivers of netlink messages talk to, and readers
# of the flow table's very sources.
build/$(KVER)/netlink30.ko: tests/netlink30/Kbuild tests/netlink30/netlink30.c
build/$(KVER)/table_readers.ko: tests/readers/Kbuild tests/readers/readers.c $(TABLE:%=%.c) $(filter %.h,$(MODULE)) | build/$(KVER)/vswitch_lite.ko
build/$(KVER)/netlink30.ko build/$(KVER)/table_readers.ko:
	@mkdir -p $(@:.ko=) && ln -sf $(patsubst %,$(CURDIR)/%,$(filter %/Kbuild %.c,$^)) $(@:.ko=)
	$(Q)$(MAKE) $(if $(Q),-s) -C "$(KDIR)" M="$(CURDIR)/$(@:.ko=)" modules
	$(call say,MODULE)
	@cp $(@:.ko=)/$(@F) $@.new && mv $@.new $@

# What the guests run: the tools, and the module for the kernel that they boot.
guest:
	@test -n "$(GUEST)" || { echo "$(NO_HEADERS)" >&2; exit 1; }
	@$(MAKE) all KDIR="$(if $(GIVEN),$(KDIR),/lib/modules/$(GUEST)/build)"

demo: ## show the switch at work, in a virtual machine
	@tests/rig/prepare demo
	@$(MAKE) guest
	@tests/rig/vm -k $(GUEST) -c 1 -m 768 -t 120 -- tests/demo/demo

shell: ## a virtual machine with three hosts, a running switch and a shell
	@tests/rig/prepare shell
	@$(MAKE) guest
	@tests/rig/vm -k $(GUEST) -c 1 -m 1024 -t 0 -I -- tests/demo/shell

check: ## run all tests; T="name..." only those
	@tests/rig/prepare check
	@$(MAKE) guest units
	@tests/run $(AGAIN) -k $(GUEST) $(T)

check-model: build/test/test_table ## the flow table against a model, 10 million operations
	@build/test/test_table 10000000 $(SEED)

check-unit: units ## run the unit tests alone, on this machine
	@tests/run -u $(T)

check-system: ## run the system tests alone, in a virtual machine
	@tests/rig/prepare check
	@$(MAKE) guest
	@tests/run -s -k $(GUEST) $(T)

# UML takes a debugging kernel's checks at native speed; DEBUG= : one without them.
DEBUG	= -d
check-debug: ## run the system tests on a kernel with KASAN, lockdep and kmemleak; T="name..."
	@tests/rig/uml $(DEBUG) build
	@$(MAKE) tools
	@tests/rig/uml $(DEBUG) module
	@tests/rig/uml $(DEBUG) run -m 2048 -t 3600 -- tests/system/guest-run $(T)

# Scenarios of tests/fuzz on the debugging kernel.
FUZZ_RUN = SCENARIOS=tests/fuzz tests/system/guest-run
fuzz-guest: tools $(FUZZ)
	@tests/rig/uml $(DEBUG) build
	@tests/rig/uml $(DEBUG) module

fuzz-netlink: fuzz-guest ## send made-up requests to all families; VSL_REQUESTS= VSL_SEED=
	@tests/rig/uml $(DEBUG) run -m 2048 -t 36000 -- $(FUZZ_RUN) netlink

fuzz-packets: fuzz-guest ## send made-up packets through made-up actions; VSL_PACKETS= VSL_SEED=
	@tests/rig/uml $(DEBUG) run -m 2048 -t 36000 -- $(FUZZ_RUN) packets

check-faults: fuzz-guest ## make each allocation of the module fail; VSL_REQUESTS= VSL_FRAMES= VSL_PUTS= VSL_SEED=
	@tests/rig/uml $(DEBUG) run -m 2048 -t 36000 -- $(FUZZ_RUN) faults 'tests/fuzz/*-without-memory.sh'

check-races: fuzz-guest ## change everything at once; VSL_SECS=
	@tests/rig/uml $(DEBUG) run -m 2048 -t 36000 -- $(FUZZ_RUN) races

# On a stock kernel, which is there or fetched in seconds, and which interrupts take
# the processor from wherever it may be taken; the debugging one waits to be let in.
SHORT_RUN = dmesg | grep "Dynamic Preempt: full" && export SCENARIOS=tests/fuzz && \
	VSL_SECS=120 tests/system/guest-run netlink && \
	VSL_SECS=30 tests/system/guest-run packets && VSL_SECS=180 tests/system/guest-run races
check-short: $(FUZZ) ## 6 minutes of made-up requests, packets and races, without a debugging kernel
	@tests/rig/prepare check
	@$(MAKE) guest
	@APPEND="preempt=full $(APPEND)" tests/rig/vm -k $(GUEST) -m 2048 -t 1200 -- '$(SHORT_RUN)'

# Scenarios of make check, for longer.
check-readers: ## readers of the flow table on all CPUs, none may miss, for VSL_SECS=600
	@tests/rig/prepare check
	@$(MAKE) guest
	@VSL_SECS=$(or $(VSL_SECS),600) tests/rig/vm -k $(GUEST) -t 36000 -- tests/system/guest-run readers-never-miss

check-million: ## put, dump and delete VSL_FLOWS=1000000 flows, packets passing meanwhile
	@tests/rig/prepare check
	@$(MAKE) guest
	@VSL_FLOWS=$(or $(VSL_FLOWS),1000000) tests/rig/vm -k $(GUEST) -m 3072 -t 36000 -- tests/system/guest-run many-flows-in-flat-memory

check-ovs: ## run the longer scenarios with Debian's ovs-vswitchd, which make check leaves out
	@tests/rig/prepare check
	@$(MAKE) guest
	@tests/run -s -S ovs -k $(GUEST) $(T)

# Neither may hide the other's result.
check-stock: ## run the system tests on stock openvswitch.ko, and on ours beside it; T="name..."
	@tests/rig/prepare check
	@$(MAKE) guest
	@DATAPATH=stock tests/run -s -S all -k $(GUEST) $(T); a=$$?; \
	 DATAPATH=beside tests/run -s -S all -k $(GUEST) $(T) && exit $$a

check-interop: ## run what must be the same on stock openvswitch.ko and on ours; T="part..."
	@tests/rig/prepare check
	@$(MAKE) guest $(COMPARED)
	@tests/interop/run -k $(GUEST) $(T)

check-matrix: ## build for, and test on, Debian's 6.1, 6.12 and 7.2; T="name..." K="own|SUITE..."
	@tests/rig/prepare check
	@$(MAKE) tools $(COMPARED)
	@tests/matrix $(K:%=-k %) $(T)

check-builds: ## build the module for all of them, by the compiler of each, without a warning
	@tests/rig/prepare check
	@tests/matrix -b $(K:%=-k %)

check-asan: ## the system tests with the tools built with ASan and UBSan; T="name..."
	@tests/rig/prepare check
	@$(MAKE) guest build/asan/vslctl build/asan/vswitchd-lite
	@VSL_BIN=build/asan tests/run -s -k $(GUEST) $(T)

fuzz-daemon: ## libFuzzer on what reads strangers' input, RUNS=100000 inputs each; T="control..."
	@tests/rig/prepare fuzz
	@$(MAKE) $(patsubst %,build/libfuzzer/fuzz_%,$(or $(T),$(FUZZERS)))
	@for t in $(or $(T),$(FUZZERS)); do tests/libfuzzer/run $$t $(RUNS) || exit; done

coverage: ## which lines and branches the tests reach; T="name..." only those system tests
	@tests/rig/prepare coverage
	@tests/rig/uml -g build
	@$(MAKE) tools $(FUZZ) $(COVERED)
	@tests/rig/uml -g module
	@tests/coverage $(T)

bench: ## measure this switch and its peers, 15 minutes; J=-j: as JSON; P="part..."
	@tests/rig/prepare bench
	@$(MAKE) guest
	@tests/rig/uml build
	@tests/rig/uml module >/dev/null
	@tests/bench/run $(J) $(P)

plot: ## draw docs/performance.svg from what make bench J=-j printed, docs/performance.json
	@tests/rig/prepare bench
	@tests/bench/plot docs/performance.json docs/performance.svg

bench-guard: ## have packets become dearer? counts instructions, 2 minutes
	@tests/rig/prepare demo
	@$(MAKE) guest
	@tests/bench/guard -k $(GUEST)


style: ## all static checks: sparse, W=1, checkpatch, kernel-doc, -Werror, shellcheck
	@tests/rig/prepare style
	@tests/style $(GUEST)

clean: ## remove all that was built
	rm -rf build
	@find datapath \( -name '*.o' -o -name '*.ko' -o -name '*.mod' -o -name '*.mod.c' \
		-o -name '.*.cmd' -o -name '.*.d' -o -name Module.symvers \
		-o -name modules.order -o -name .tmp_versions \) -exec rm -rf {} +

help: ## this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 22

.PHONY: all tools libs units werror module kdir guest demo shell check check-model check-unit check-system check-debug check-interop check-asan fuzz-daemon coverage style clean help fuzz-guest fuzz-netlink fuzz-packets check-faults check-races bench bench-guard plot check-readers check-million check-ovs check-stock check-matrix check-builds check-short
.SECONDARY:
-include $(shell find build/obj build/san build/model build/werror build/libfuzzer build/cov -name '*.d' 2>/dev/null)
