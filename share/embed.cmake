# Writes to OUT the bytes of the file IN and a NUL, as `static const unsigned char SYMBOL[]`.
file(READ ${IN} hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
string(REGEX REPLACE "((0x..,)(0x..,)(0x..,)(0x..,)(0x..,)(0x..,)(0x..,)(0x..,))" "\\1\n" bytes "${bytes}")
file(WRITE ${OUT} "static const unsigned char ${SYMBOL}[] = {\n${bytes}0x00};\n")
