// Finds where a chunk ends, by the Gear rolling hash. Built by `npm run kernel` into gear.wasm.ts; gear.ts is the same in TypeScript.
// An end has a hash whose lowest byte is zero. That byte depends on the last eight bytes alone, and the table makes it a sum of them,
// so it is looked for at sixteen places at once; only what is found there is hashed as a whole.

#include <wasm_simd128.h>

typedef unsigned char u8;
typedef unsigned int u32;

#define WINDOW (32 * 1024)
/** Bytes that the hash depends on. */
#define HISTORY 32
#define LANES 16
/** The same as in gear.ts. */
#define SEED 0x4d54524cu
#define NEUTRAL 0x9d

/** What came last, then what is to be scanned. */
static u8 bytes[HISTORY + WINDOW + LANES];
static u8 *const window = bytes + HISTORY;
static u32 table[256];

/** Where the next bytes to scan are to be put. */
__attribute__((export_name("window_start"))) u8 *window_start(void) { return window; }
__attribute__((export_name("window_length"))) u32 window_length(void) { return WINDOW; }

/** Fills the table: a Weyl sequence through the finaliser of MurmurHash3, above the byte itself. One byte counts for nothing. */
__attribute__((export_name("prepare"))) void prepare(void) {
  u32 state = SEED;
  for (u32 i = 0; i < 256; i++) {
    u32 x = state += 0x9e3779b9u;
    x = (x ^ (x >> 16)) * 0x85ebca6bu;
    x = (x ^ (x >> 13)) * 0xc2b2ae35u;
    table[i] = ((x ^ (x >> 16)) & ~0xffu) | (i ^ NEUTRAL);
  }
  table[NEUTRAL] = 0;
}

/** A new chunk begins. */
__attribute__((export_name("reset"))) void reset(void) {
  for (u32 i = 0; i < HISTORY; i++) bytes[i] = NEUTRAL;
}

/** The bytes at the last sixteen places, and their sums over two and four. */
typedef struct {
  v128_t one, two, four;
} Sums;

/** `x` moved up by so many places, with those that fall out of `before` below it. */
#define MOVED(before, x, n)                                                                                              \
  wasm_i8x16_shuffle(before, x, 16 - n, 17 - n, 18 - n, 19 - n, 20 - n, 21 - n, 22 - n, 23 - n, 24 - n, 25 - n, 26 - n,  \
                     27 - n, 28 - n, 29 - n, 30 - n, 31 - n)

static inline v128_t doubled(v128_t x) { return wasm_i8x16_add(x, x); }

/** The lowest byte of the hash after each of sixteen bytes. */
static inline v128_t lowest(Sums *sums, const u8 *from) {
  v128_t one = wasm_v128_xor(wasm_v128_load(from), wasm_i8x16_splat(NEUTRAL));
  v128_t two = wasm_i8x16_add(one, doubled(MOVED(sums->one, one, 1)));
  v128_t four = wasm_i8x16_add(two, doubled(doubled(MOVED(sums->two, two, 2))));
  v128_t high = wasm_v128_and(MOVED(sums->four, four, 4), wasm_i8x16_splat(0x0f));
  v128_t eight = wasm_i8x16_add(four, wasm_i16x8_shl(high, 4));
  *sums = (Sums){one, two, four};
  return eight;
}

/** Of the bytes before `to`, in four parts that do not wait for each other. */
static inline u32 hash_of(const u8 *to) {
  u32 parts[4] = {0};
  for (int i = 0; i < 8; i++)
    for (int part = 0; part < 4; part++) parts[part] = (parts[part] << 1) + table[to[8 * part + i - HISTORY]];
  return (parts[0] << 24) + (parts[1] << 16) + (parts[2] << 8) + parts[3];
}

/** @returns the count of bytes up to and with the first after which the hash is below the threshold and its lowest byte zero; 0 when there is none */
__attribute__((export_name("scan"))) u32 scan(u32 length, u32 threshold) {
  Sums sums = {wasm_i8x16_splat(0), wasm_i8x16_splat(0), wasm_i8x16_splat(0)};
  lowest(&sums, bytes);
  lowest(&sums, bytes + LANES);
  u32 hash = 0;
  const u8 *hashed = bytes;
  for (u32 from = 0; from < length; from += LANES) {
    v128_t low = lowest(&sums, window + from);
    u32 zeros = wasm_i8x16_bitmask(wasm_i8x16_eq(low, wasm_i8x16_splat(0)));
    for (; zeros; zeros &= zeros - 1) {
      u32 end = from + __builtin_ctz(zeros) + 1;
      if (end > length) break;
      const u8 *to = window + end;
      // What is further back has been shifted out.
      if (hashed <= to - HISTORY) hash = hash_of(to);
      else while (hashed < to) hash = (hash << 1) + table[*hashed++];
      hashed = to;
      if (hash < threshold) return end;
    }
  }
  for (u32 i = 0; i < HISTORY; i++) bytes[i] = bytes[length + i];
  return 0;
}
