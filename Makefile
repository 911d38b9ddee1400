SWIFT_SOURCES = Package.swift Sources Tests

# Where `make install` puts things; DESTDIR goes before all of it.
PREFIX = /usr/local
BINDIR = $(PREFIX)/bin
DOCDIR = $(PREFIX)/share/doc/culvert
UNITDIR = $(PREFIX)/lib/systemd/system
SYSUSERSDIR = $(PREFIX)/lib/sysusers.d
# Always /etc: the unit, logrotate and fail2ban look nowhere else.
SYSCONFDIR = /etc

PROGRAMS = turnserver turnadmin turnload
BUILD_DIR = .build/static
DEB_DIR = .build/deb

.PHONY: help run build release static install deb bpf test test-unit test-interop test-package test-offload bench bench-short bench-soak bench-admin bench-offload bench-instructions sanitize lint format clean build-dependencies test-dependencies packaging-dependencies benchmark-dependencies offload-dependencies

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

run: build-dependencies ## Build the server, start it on loopback and print its iceServers
	swift build -c release --product turnserver
	scripts/run-demo.sh

build: build-dependencies ## Build for debugging
	swift build

release: build-dependencies ## Build for use; a warning is an error
	scripts/without-warnings.sh swift build -c release

bpf: ## Compile the program for the kernel into Swift words
	scripts/bpf.py

# A product at a time: the option is for linking, and tests cannot be linked so.
static: build-dependencies ## Build programs that need no Swift on the machine where they run
	for each in $(PROGRAMS); do swift build -c release --static-swift-stdlib --scratch-path $(BUILD_DIR) --product $$each || exit; done

# Builds nothing, so that it can be run as root. A configuration that is there is left alone.
install: ## Install what `make static` has built (DESTDIR, PREFIX)
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(DOCDIR)/examples $(DESTDIR)$(UNITDIR) $(DESTDIR)$(SYSUSERSDIR)
	install $(PROGRAMS:%=$(BUILD_DIR)/release/%) $(DESTDIR)$(BINDIR)
	install -m 644 README.md CHANGELOG.md Docs/*.md $(DESTDIR)$(DOCDIR)
	install -m 644 turnserver.conf.example $(DESTDIR)$(DOCDIR)/examples
	install -m 644 Packaging/fail2ban/jail.conf $(DESTDIR)$(DOCDIR)/examples/fail2ban-jail.conf
	sed 's|@BINDIR@|$(BINDIR)|; s|@DOCDIR@|$(DOCDIR)|' Packaging/culvert.service >$(DESTDIR)$(UNITDIR)/culvert.service
	chmod 644 $(DESTDIR)$(UNITDIR)/culvert.service
	install -m 644 Packaging/offload.conf $(DESTDIR)$(DOCDIR)/examples
	install -m 644 Packaging/culvert.sysusers $(DESTDIR)$(SYSUSERSDIR)/culvert.conf
	install -D -m 644 Packaging/culvert.logrotate $(DESTDIR)$(SYSCONFDIR)/logrotate.d/culvert
	install -D -m 644 Packaging/fail2ban/filter.conf $(DESTDIR)$(SYSCONFDIR)/fail2ban/filter.d/culvert.conf
	install -d -m 750 $(DESTDIR)$(SYSCONFDIR)/culvert
	test -e $(DESTDIR)$(SYSCONFDIR)/culvert/turnserver.conf || \
		install -m 640 Packaging/turnserver.conf $(DESTDIR)$(SYSCONFDIR)/culvert/turnserver.conf

deb: build-dependencies packaging-dependencies ## Build a Debian package in .build/deb
	scripts/check-package-version.sh
	DEB_RULES_REQUIRES_ROOT=no BUILD_DIR=$(BUILD_DIR) DEB_DIR=$(DEB_DIR) debian/rules binary

# In this order, so that what fails fastest fails first.
test: ## Everything: formatting, build, unit tests, instruction budget, interop tests
	$(MAKE) lint
	$(MAKE) release
	$(MAKE) test-unit
	$(MAKE) bench-instructions
	$(MAKE) test-interop

test-unit: build-dependencies ## Run the Swift tests
	swift test

test-interop: release test-dependencies ## Drive the release build with clients that nobody here wrote
	.venv/bin/python -m pytest Tests/Interop

test-package: deb test-dependencies ## Install the package in a clean Debian 12 that is booted for it, and run the service there (as root)
	.venv/bin/python -m pytest Tests/Packaging

test-offload: release test-dependencies offload-dependencies ## Let the kernel relay between network namespaces (as root)
	.venv/bin/python -m pytest Tests/Offload

bench: release ## Measure beside coturn and the bare system calls; writes the table into Docs/performance.md
	Benchmarks/bench.py --write

bench-short: release ## The same with fewer cases and rounds, in about a minute; writes nothing
	Benchmarks/bench.py --short

bench-soak: release ## Ten minutes at half of capacity: memory and descriptors stay flat, and nothing is lost
	Benchmarks/soak.py

bench-offload: release test-dependencies offload-dependencies ## Measure the relay in the kernel beside coturn and IP forwarding, into Docs/performance.md (as root)
	Benchmarks/offload/compare.py --write

bench-admin: release ## Hold 10 000 sessions, and see that an operator who looks on does not slow down those who relay
	Benchmarks/admin.py

bench-instructions: release benchmark-dependencies ## Count instructions per relayed packet, and hold them to the recorded budget
	Benchmarks/instructions.py

sanitize: build-dependencies ## Run the socket tests under the address and the thread sanitizer
	scripts/sanitize.sh

lint: build-dependencies ## Check the formatting, and that generated documents are up to date
	swift format lint --strict --parallel --recursive $(SWIFT_SOURCES)
	python3 scripts/conformance.py --check
	scripts/bpf.py --check

format: build-dependencies ## Put the formatting right
	swift format --in-place --parallel --recursive $(SWIFT_SOURCES)

clean: ## Remove what was built and installed into the checkout
	rm -rf .build .venv

build-dependencies:
	@scripts/install-build-dependencies.sh

test-dependencies:
	@scripts/install-test-dependencies.sh

packaging-dependencies:
	@scripts/install-packaging-dependencies.sh

benchmark-dependencies:
	@scripts/install-benchmark-dependencies.sh

offload-dependencies:
	@scripts/install-offload-dependencies.sh
