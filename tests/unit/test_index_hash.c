#include "engine/index.h"

#include <criterion/criterion.h>
#include <string.h>

/* The hash is SipHash-1-3 of eight bytes of scope and the name: its test vectors, whose key and
 * message count up from 0. The first, unfolded, is in the Rust core library's tests; the others
 * were made with CPython's implementation of the paper. */
Test(index_hash, hash_is_siphash_1_3)
{
    static const uint32_t expected[] = {
        0xbbb90f9f, 0x49a2b357, 0xeb218c91, 0x898cdb93, 0x2f175d13, 0x224689ab, 0xa0a3fc25,
        0xf971413b, 0xb1df567c, 0xff29b09c, 0x3b8fdea2, 0x7f36e0f9, 0x6610cf06, 0x92d753ba,
        0xdcdefcb5, 0x88bccf5c, 0x9350323e, 0x35965051, 0xf0a72646, 0xe3c3fc7b, 0x14673d0f,
        0xc268dd40, 0x17caf7b5, 0xaf510ca3, 0x97b2cd61, 0x37db405a, 0x6ab56746, 0x71b9c82f,
        0x81576ad5, 0x15d32c7a, 0x1dce4237, 0x197bd4c6, 0x58362303};
    static const struct index_secret secret = {0x0706050403020100, 0x0f0e0d0c0b0a0908};
    unsigned char name[300];

    for (size_t i = 0; i < sizeof name; i++)
        name[i] = (unsigned char)(i + 8);
    for (size_t len = 0; len < sizeof expected / sizeof expected[0]; len++)
        cr_assert_eq(index_hash(&secret, secret.k0, name, len), expected[len], "length %zu", len);
    cr_assert_eq(index_hash(&secret, secret.k0, name, sizeof name), 0x0d885fe2);
}

/* A name that starts at any address has the same hash. */
Test(index_hash, hash_of_a_name_at_an_odd_address)
{
    static const struct index_secret secret = {1, 2};
    char buffer[40];

    for (size_t shift = 0; shift < 8; shift++) {
        memcpy(buffer + shift, "a call of some length", 21);
        cr_assert_eq(index_hash(&secret, 3, buffer + shift, 21),
                     index_hash(&secret, 3, "a call of some length", 21));
    }
}

/* The secret, the scope and the length all tell hashes apart. */
Test(index_hash, hash_depends_on_all_it_is_given)
{
    static const struct index_secret secret = {1, 2}, k0 = {3, 2}, k1 = {1, 3};
    uint32_t hash = index_hash(&secret, 7, "sales", 5);

    cr_assert_neq(hash, index_hash(&k0, 7, "sales", 5));
    cr_assert_neq(hash, index_hash(&k1, 7, "sales", 5));
    cr_assert_neq(hash, index_hash(&secret, 8, "sales", 5));
    cr_assert_neq(hash, index_hash(&secret, 7, "sales\0", 6));
    cr_assert_neq(hash, index_hash(&secret, 7, "sale", 4));
    cr_assert_eq(index_hash(&secret, 7, NULL, 0), index_hash(&secret, 7, "", 0));
}

/* A hash of 0 is one like any other. */
Test(index_hash, hash_may_be_zero)
{
    static const struct index_secret secret = {0, 0};

    cr_assert_eq(index_hash(&secret, 1425807291, NULL, 0), 0); /* found by trying */
}

/* The hash of long texts: every byte of it, the scope, the secret and the length tell it apart, and
 * none of what is alike but for one thing has the same. */
Test(index_hash, hash_of_texts_depends_on_all_it_is_given)
{
    static const struct index_secret secret = {1, 2}, k0 = {3, 2}, k1 = {1, 3};
    unsigned char text[67] = {0};
    uint32_t hashes[400], count = 0;

    for (size_t len = 0; len < sizeof text; len++)
        hashes[count++] = index_hash_text(&secret, 7, text, len);
    for (size_t len = 1; len <= sizeof text; len += 11)
        for (size_t at = 0; at < len; at++) {
            text[at] = 1;
            hashes[count++] = index_hash_text(&secret, 7, text, len);
            text[at] = 0;
        }
    hashes[count++] = index_hash_text(&k0, 7, text, 50);
    hashes[count++] = index_hash_text(&k1, 7, text, 50);
    hashes[count++] = index_hash_text(&secret, 8, text, 50);
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t j = 0; j < i; j++)
            cr_assert_neq(hashes[i], hashes[j], "%u and %u", (unsigned)i, (unsigned)j);
}

/* It reads nothing but the text, which may start at any address. */
Test(index_hash, hash_of_a_text_is_of_its_bytes_alone)
{
    static const struct index_secret secret = {1, 2};
    char buffer[64];

    for (size_t len = 0; len <= 40; len++)
        for (size_t shift = 0; shift < 8; shift++) {
            memset(buffer, (int)shift, sizeof buffer);
            memcpy(buffer + shift, "[0-1] spanish>=3 & (billing | tech>=2); @30s", len);
            cr_assert_eq(
                index_hash_text(&secret, 3, buffer + shift, len),
                index_hash_text(&secret, 3, "[0-1] spanish>=3 & (billing | tech>=2); @30s", len));
        }
}
