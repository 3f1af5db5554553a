// Finds where a chunk ends, by the Gear rolling hash. Built by `npm run kernel` into gear.wasm.ts; gear.ts is the same in TypeScript.

typedef unsigned char u8;
typedef unsigned int u32;

#define WINDOW (32 * 1024)
/** The same as in gear.ts. */
#define SEED 0x4d54524cu

static u8 window[WINDOW];
static u32 table[256];
static u32 hash;

/** Where the next bytes to scan are to be put. */
__attribute__((export_name("window_start"))) u8 *window_start(void) { return window; }
__attribute__((export_name("window_length"))) u32 window_length(void) { return WINDOW; }

/** Fills the table: a Weyl sequence through the finaliser of MurmurHash3. */
__attribute__((export_name("prepare"))) void prepare(void) {
  u32 state = SEED;
  for (u32 i = 0; i < 256; i++) {
    u32 x = state += 0x9e3779b9u;
    x = (x ^ (x >> 16)) * 0x85ebca6bu;
    x = (x ^ (x >> 13)) * 0xc2b2ae35u;
    table[i] = x ^ (x >> 16);
  }
}

/** A new chunk begins. */
__attribute__((export_name("reset"))) void reset(void) { hash = 0; }

/** @returns the count of bytes up to and with the first after which the hash is below the threshold; 0 when there is none */
__attribute__((export_name("scan"))) u32 scan(u32 length, u32 threshold) {
  u32 h = hash;
  const u8 *p = window;
  const u8 *end = window + length;
  const u8 *end4 = window + (length & ~3u);
  while (p < end4) {
    h = (h << 1) + table[p[0]];
    if (h < threshold) return p + 1 - window;
    h = (h << 1) + table[p[1]];
    if (h < threshold) return p + 2 - window;
    h = (h << 1) + table[p[2]];
    if (h < threshold) return p + 3 - window;
    h = (h << 1) + table[p[3]];
    if (h < threshold) return p + 4 - window;
    p += 4;
  }
  while (p < end) {
    h = (h << 1) + table[*p++];
    if (h < threshold) return p - window;
  }
  hash = h;
  return 0;
}
