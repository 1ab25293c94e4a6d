module podwork.dev/relay

go 1.19
