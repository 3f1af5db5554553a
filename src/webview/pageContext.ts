import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

/** What every part of a page needs, and the way to it. */
export function pageContext<P>() {
  const PageContext = createContext<P | undefined>(undefined);
  function usePage(): P {
    const page = useContext(PageContext);
    if (!page) throw new Error('There is no page around this part.');
    return page;
  }
  return { PageContext, usePage };
}
