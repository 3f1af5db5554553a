const paths = {
  warning: 'M8 1.8 15 14H1L8 1.8Zm0 4.4v3.9m0 1.6v.9',
  error: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13Zm-2.3 4.2 4.6 4.6m0-4.6-4.6 4.6',
  pass: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM5 8.2l2.2 2.2L11.2 6',
  swap: 'M2 5h11.5m-3-3 3 3-3 3M14 11H2.5m3-3-3 3 3 3',
  arrow: 'M2 8h11.5M9.5 4l4 4-4 4',
  copy: 'M5.5 5.5v-3h8v8h-3m-8-5h8v8h-8v-8Z',
  close: 'm3.5 3.5 9 9m0-9-9 9',
} as const;

/** A line drawing in the colour of the text. What it means is said beside it. */
export function Icon({ name }: { name: keyof typeof paths }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path
        d={paths[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.2"
        stroke-linejoin="round"
        stroke-linecap="round"
      />
    </svg>
  );
}
