# pages.sh: builds the desk's pages into web/dist; sourced by run and check.

# Debian's Node and npm, unless others are there already.
need_node() {
    command -v node >/dev/null && command -v npm >/dev/null || need nodejs npm
}

# Packages are fetched when the lock changed, pages built when something is newer than they are.
build_pages() { # ROOT
    local web=$1/web built=$1/web/dist/index.html have=$1/web/node_modules/.lock
    if ! cmp -s "$web/package-lock.json" "$have"; then
        (cd "$web" && npm ci) && cp "$web/package-lock.json" "$have" || return
    fi
    if [ ! -f "$built" ] || [ -n "$(find "$web" \( -name node_modules -o -name dist \) -prune \
            -o -type f -newer "$built" -print -quit)" ]; then
        (cd "$web" && npx --no-install vite build)
    fi
}
