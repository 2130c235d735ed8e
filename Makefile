# `make book` builds the book, `make test` checks everything. Each sets up .venv by itself when it
# is missing or older than pyproject.toml or constraints.txt.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
BOOK := _build/html/index.html
PDF := _build/dlbook.pdf
NOTEBOOKS := $(wildcard notebooks/*.ipynb)

# Output is captured when the book is built or tested, so no progress bars inside notebooks.
export DLBOOK_PROGRESS := 0
# OpenMP's threads wait by spinning, which slows a second torch process on the same cores down
# more than tenfold. They should soon give up.
export GOMP_SPINCOUNT := 10000
# The C library gives freed memory back and asks for it again in every step of a training. It should
# keep up to a gigabyte: a tenth of the time of a small convolutional network.
export MALLOC_TRIM_THRESHOLD_ := 1073741824
export MALLOC_MMAP_THRESHOLD_ := 1073741824

# That there is a newer pip is no news for who follows the pins.
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help book test quick lint types unit nbval worlds site-test browser outputs serve bench clean
.PHONY: audit data gpu new-chapter soak soak-seeds soak-colab soak-doctor soak-fuzz
.PHONY: soak-new-chapter soak-webkit audit-dependencies exempt publish-check pdf dist

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile

book: $(READY) ## run every notebook and write the book
	$(BIN)/jupyter-book build . -W -n --keep-going
	@echo "The book is at $(CURDIR)/$(BOOK)"

quick: lint types ## lint, types, and the tests that take no seconds each
	OMP_NUM_THREADS=1 $(BIN)/pytest -n auto -m "not slow" tests

test: lint types unit nbval ## everything: lint, types, all tests, and every notebook compared
	@echo "All passed: lint, types, unit and property tests, $(words $(NOTEBOOKS)) notebooks compared cell by cell."

lint: $(READY) ## check style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY) ## check types
	$(BIN)/mypy
	MYPYPATH=book:book/_ext:tests/site $(BIN)/mypy book/_ext book/*.py benchmarks

unit: $(READY) ## unit and property tests
	OMP_NUM_THREADS=1 $(BIN)/pytest -n auto tests

nbval: $(READY) ## run the notebooks and compare their outputs with the stored ones
	OMP_NUM_THREADS=1 $(BIN)/python tests/worlds.py --only here

worlds: $(READY) ## the chapters under other kernels, data, threads, seeds; ONLY="sse seeds" CHAPTERS="09 17" a part
	$(BIN)/python tests/worlds.py --only "$(ONLY)" --chapters "$(CHAPTERS)" \
		$(if $(OFFSETS),--offsets "$(OFFSETS)") $(if $(ALL),--all)

# A browser that does not answer fails its test, and the other tests go on.
NO_HANG := -o faulthandler_timeout=300 -o faulthandler_exit_on_timeout=true

site-test: $(READY) $(BOOK) browser ## open the built book, and live notebooks, in a real browser
	$(BIN)/pytest -n auto $(NO_HANG) tests/site

# A shell may look for the first name of `command -v` alone.
APT := $$(command -v sudo) env DEBIAN_FRONTEND=noninteractive apt-get -qq
browser: # install Chromium where there is none, on Debian and its kin
	@for name in $${CHROMIUM:-chromium} chromium-browser google-chrome; do \
		command -v $$name >/dev/null && exit; done; \
		$(APT) update && $(APT) install -y chromium

outputs: $(READY) ## run the notebooks and store their text outputs; NAME=04_gradient_descent one
	$(BIN)/python -m dlbook store notebooks/$(or $(NAME),*).ipynb

serve: $(BOOK) ## open the built book in a browser, served on loopback
	$(BIN)/python book/serve.py $(dir $(BOOK))

$(BOOK):
	$(MAKE) book

bench: $(READY) $(BOOK) browser ## measure side by side, for the page on speed; ONLY="fit …" a part
	PYTHONPATH=book:book/_ext:tests/site $(BIN)/python -m benchmarks $(ONLY)

gpu: $(READY) ## all that a CUDA card can show, in ten minutes; DRY=1 rehearses it on a CPU
	$(BIN)/python -m benchmarks.gpu $(if $(DRY),--dry)

audit: $(READY) $(BOOK) browser ## report what Lighthouse says of the built book; needs Node
	$(BIN)/python book/audit.py $(dir $(BOOK))

data: $(READY) ## download MNIST and Fashion-MNIST, where they can be had
	$(BIN)/python -c 'from dlbook.data import load_images; print(load_images("mnist"), load_images("fashion_mnist"))'

new-chapter: $(READY) ## start a chapter from the template: make new-chapter NAME=21_attention
	$(BIN)/python book/new_chapter.py $(NAME)
	$(BIN)/python -m dlbook store notebooks/$(NAME).ipynb

# Each part can be made alone, or some of them: make soak SOAK="worlds soak-colab".
SOAK ?= worlds soak-seeds soak-colab soak-doctor soak-fuzz soak-new-chapter soak-webkit audit-dependencies
soak: ## what takes hours: everything again, under other circumstances
	@table=; status=0; for part in $(SOAK); do \
		begun=$$(date +%s); how=passed; \
		$(MAKE) --no-print-directory $$part || { how=FAILED; status=1; }; \
		table="$$table$$(printf '%-18s %s %6d s' $$part $$how $$(($$(date +%s) - begun)))\n"; \
	done; printf "$$table"; exit $$status

SOAK_SEED ?= $(shell date +%s)
soak-seeds: OFFSETS = $(shell $(PYTHON) -c 'import random; \
	print(*random.Random($(SOAK_SEED)).sample(range(1, 10**6), 20))')
soak-seeds: $(READY) # the chapters' asserts under twenty new offsets of all seeds
	$(BIN)/python tests/worlds.py --only seeds --offsets "$(OFFSETS)"

# Its tool has an environment of its own, for it must not choose versions of what it audits. It
# fails when a package cannot be looked up, since nothing was then said of it.
AUDIT := _build/pip-audit
audit-dependencies: # known vulnerabilities of the pinned versions; needs the package index
	$(PYTHON) -m venv $(AUDIT)
	$(AUDIT)/bin/pip install --quiet pip-audit==2.10.1
	$(AUDIT)/bin/pip-audit --strict --no-deps --disable-pip --requirement constraints.txt

COLAB := _build/colab
soak-colab: $(READY) $(COLAB)/.ready # the wheel, the chapters and dlbook's tests with Colab's versions
	PYTHONPATH=book OMP_NUM_THREADS=1 $(BIN)/python tests/elsewhere.py $(COLAB)/bin/python $(NOTEBOOKS)

$(COLAB)/.ready: tests/colab.txt
	$(PYTHON) -m venv $(COLAB)
	$(COLAB)/bin/pip install --requirement tests/colab.txt
	@touch $@

soak-new-chapter: # both commands of the README in a fresh clone, with a template's chapter in its book
	clone=$$(mktemp -d) && git clone --quiet . $$clone && \
		$(MAKE) -C $$clone new-chapter NAME=98_from_the_template && \
		sed -i '/caption: Back matter/i\      - file: notebooks/98_from_the_template' $$clone/_toc.yml && \
		$(MAKE) -C $$clone book && $(MAKE) -C $$clone test && rm -rf $$clone

WEBKIT := _build/webkit
soak-webkit: $(READY) $(BOOK) # the built book in WebKit, the engine of Safari; on Debian and its kin
	command -v WebKitWebDriver >/dev/null && command -v xvfb-run >/dev/null || { \
		$(APT) update && $(APT) install -y webkit2gtk-driver xvfb; }
	$(BIN)/pip install --quiet --upgrade --target $(WEBKIT) selenium==4.51.0
	PYTHONPATH=$(WEBKIT) xvfb-run -a $(BIN)/pytest $(NO_HANG) tests/site/test_webkit.py

THOROUGHLY := --hypothesis-profile=soak --hypothesis-seed=$(SOAK_SEED)
soak-doctor: $(READY) # the doctor in environments that are broken for real
	OMP_NUM_THREADS=1 $(BIN)/pytest -n auto $(THOROUGHLY) tests/package/test_doctor.py tests/package/test_odd_machines.py

soak-fuzz: $(READY) # public functions called with hostile arguments, many times
	OMP_NUM_THREADS=1 $(BIN)/pytest -n auto $(THOROUGHLY) $(wildcard tests/package/test_fuzz_*.py tests/package/*/test_fuzz_*.py)

exempt: $(READY) ## which outputs are not compared, and why
	$(BIN)/python tests/exempt_cells.py $(NOTEBOOKS)

publish-check: ## show where the account that publishes the book is still to be named
	! grep -n OWNER _config.yml notebooks/*.ipynb

pdf: $(READY) browser ## print the whole book to _build/dlbook.pdf
	$(BIN)/jupyter-book build . -W -n --keep-going --builder singlehtml
	$(BIN)/python book/pdf.py _build/singlehtml/index.html $(PDF)

dist: book pdf ## pack the site, the PDF, the notebooks and the wheel into dist/
	$(BIN)/python book/dist.py $(dir $(BOOK)) $(PDF) dist

clean: ## remove what was built, but not .venv
	rm -rf _build dist

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("dlbook needs Python 3.11 or newer, and PYTHON=$(PYTHON) is " + sys.version.split()[0])'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --constraint constraints.txt --editable ".[book,test]"
	@touch $@
