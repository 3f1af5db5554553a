// Finds where a chunk ends, by the Gear rolling hash. Built by `npm run kernel` into gear.wasm.ts; gear.ts is the same in TypeScript.
// An end has a hash whose lowest byte is zero. That byte depends on the last eight bytes alone, and the table makes it a sum of them,
// so it is looked for at sixteen places at once; only what is found there is hashed as a whole.

#include <wasm_simd128.h>

typedef unsigned char u8;
typedef unsigned int u32;

/** Bytes that the hash depends on. */
#define HISTORY 32
#define LANES 16
/** The same as in gear.ts. */
#define SEED 0x4d54524cu
#define NEUTRAL 0x9d

static u32 table[256];
/** Bytes that count for nothing, those with which a chunk begins, and what is loaded behind them. */
static u8 head[2 * HISTORY + 2 * LANES];
extern u8 __heap_base;

/** From here on the memory is for the bytes to be scanned. As many as two loads behind the last of them must be there too. */
__attribute__((export_name("bytes_start"))) u8 *bytes_start(void) { return &__heap_base; }

/** To be called first. The table is a Weyl sequence through the finaliser of MurmurHash3, above the byte itself. */
__attribute__((export_name("prepare"))) void prepare(void) {
  u32 state = SEED;
  for (u32 i = 0; i < 256; i++) {
    u32 x = state += 0x9e3779b9u;
    x = (x ^ (x >> 16)) * 0x85ebca6bu;
    x = (x ^ (x >> 13)) * 0xc2b2ae35u;
    table[i] = ((x ^ (x >> 16)) & ~0xffu) | (i ^ NEUTRAL);
  }
  table[NEUTRAL] = 0;
  for (u32 i = 0; i < HISTORY; i++) head[i] = NEUTRAL;
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

/** @returns the first place up to `to` before which the bytes have a hash below the threshold whose lowest byte is zero; 0 when there is none */
static inline const u8 *first_end(const u8 *from, const u8 *to, u32 threshold) {
  const v128_t none = wasm_i8x16_splat(0);
  Sums sums = {none, none, none};
  lowest(&sums, from - 2 * LANES);
  lowest(&sums, from - LANES);
  for (; from < to; from += 2 * LANES) {
    v128_t low = lowest(&sums, from);
    v128_t next = lowest(&sums, from + LANES);
    if (wasm_i8x16_all_true(wasm_u8x16_min(low, next))) continue;
    u32 zeros = wasm_i8x16_bitmask(wasm_i8x16_eq(low, none)) | wasm_i8x16_bitmask(wasm_i8x16_eq(next, none)) << LANES;
    for (; zeros; zeros &= zeros - 1) {
      const u8 *end = from + __builtin_ctz(zeros) + 1;
      if (end > to) break;
      if (hash_of(end) < threshold) return end;
    }
  }
  return 0;
}

/**
 * The hash begins at `from`. An end before `middle` must be below `strict`, one behind it below `loose`.
 * @returns the first end up to `to`; 0 when there is none
 */
__attribute__((export_name("scan"))) const u8 *scan(const u8 *from, const u8 *middle, const u8 *to, u32 strict, u32 loose) {
  // What is in front of the chunk must not count: its first bytes are scanned behind others.
  const u8 *edge = to - from < HISTORY ? to : from + HISTORY;
  u8 *first = head + HISTORY;
  for (u32 i = 0; i < edge - from; i++) first[i] = from[i];
  const u8 *turn = middle < edge ? middle : edge;
  const u8 *end = first_end(first, first + (turn - from), strict);
  if (!end) end = first_end(first + (turn - from), first + (edge - from), loose);
  if (end) return from + (end - first);
  turn = middle < edge ? edge : middle;
  end = first_end(edge, turn, strict);
  return end ? end : first_end(turn, to, loose);
}
