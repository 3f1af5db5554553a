/** Measures now, and whenever the element is scrolled or gets another size. @returns a function that stops it */
export function observeScroll(element: HTMLElement, measure: () => void): () => void {
  measure();
  element.addEventListener('scroll', measure, { passive: true });
  const resized = new ResizeObserver(measure);
  resized.observe(element);
  return () => {
    element.removeEventListener('scroll', measure);
    resized.disconnect();
  };
}
