import { useEffect, useState } from 'preact/hooks';

/** Far enough that a chart is there before it is scrolled into view. */
const margin = '400px';

/** Whether the element is in view or soon will be: what is far away need not exist. */
export function useNearViewport(element: { readonly current: Element | null }): boolean {
  const [near, setNear] = useState(false);
  useEffect(() => {
    const target = element.current;
    if (!target) return undefined;
    const observer = new IntersectionObserver((entries) => setNear(entries.at(-1)?.isIntersecting ?? false), {
      rootMargin: margin,
    });
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return near;
}
