# cmake -D IN=wallboard.html -D OUT=page.c -P embed.cmake: the bytes of a file as C.
file(READ ${IN} hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
string(REGEX REPLACE "(................................................................................)" "\\1\n" bytes "${bytes}")
file(
  WRITE ${OUT}
  "#include \"tools/web/page.h\"\n\nconst unsigned char web_page[] = {\n${bytes}};\nconst size_t web_page_len = sizeof web_page;\n"
)
