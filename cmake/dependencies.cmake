# What we link that is not ours. tools/setup installs them and says what each is for.

find_package(PkgConfig REQUIRED)
pkg_check_modules(libuv REQUIRED IMPORTED_TARGET libuv)
pkg_check_modules(lmdb REQUIRED IMPORTED_TARGET lmdb)
pkg_check_modules(lz4 REQUIRED IMPORTED_TARGET liblz4)
pkg_check_modules(jansson REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(confuse REQUIRED IMPORTED_TARGET libconfuse)
pkg_check_modules(yaml REQUIRED IMPORTED_TARGET yaml-0.1)
pkg_check_modules(microhttpd REQUIRED IMPORTED_TARGET libmicrohttpd)
pkg_check_modules(criterion REQUIRED IMPORTED_TARGET criterion)
pkg_check_modules(sqlite REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(pq REQUIRED IMPORTED_TARGET libpq)
find_package(Threads REQUIRED)
find_package(nng 1.5 CONFIG REQUIRED) # Debian's nng has no .pc file
