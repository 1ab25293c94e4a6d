module podwork.dev/e2e/static

go 1.19
