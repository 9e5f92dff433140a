import { type RefObject, useLayoutEffect } from 'react';

/** Makes a text area as tall as its text. */
export function useGrowing(area: RefObject<HTMLTextAreaElement | null>, value: string, rows: number): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is what changes the height
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = 'auto';
    const frame = element.offsetHeight - element.clientHeight;
    element.style.height = `${element.scrollHeight + frame}px`;
  }, [value, rows]);
}
