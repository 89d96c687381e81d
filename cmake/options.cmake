# How everything is compiled: C11 without extensions, every warning an error, and the assertions of
# engine/assert.h (and libc's) on in every build type, so NDEBUG is never defined.

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g")
set(CMAKE_C_FLAGS_DEBUG "-O0 -g")
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()

set(ACD_SANITIZE "" CACHE STRING "What -fsanitize= is given: address,undefined or thread")

# Every target of ours is compiled with these.
add_library(acd_options INTERFACE)
target_include_directories(acd_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(
  acd_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
if(ACD_SANITIZE)
  target_compile_options(
    acd_options INTERFACE -fsanitize=${ACD_SANITIZE} -fno-sanitize-recover=all
                          -fno-omit-frame-pointer -O1)
  target_link_options(acd_options INTERFACE -fsanitize=${ACD_SANITIZE})
endif()

# For all but the engine, which must not even see POSIX. (C++ defines the macro by itself.)
add_library(acd_posix INTERFACE)
target_compile_definitions(acd_posix INTERFACE $<$<COMPILE_LANGUAGE:C>:_GNU_SOURCE=>)
target_link_libraries(acd_posix INTERFACE acd_options)

# For Criterion tests: its assertions assign an int to a bit, in our files. (Where a target links
# this, it stands behind acd_options, so its flag wins.)
add_library(acd_criterion INTERFACE)
target_compile_options(acd_criterion INTERFACE -Wno-conversion)
target_link_libraries(acd_criterion INTERFACE PkgConfig::criterion)
