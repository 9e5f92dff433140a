import { type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { type AdvocateStage, advocateStages } from '../../../shared/advocate.ts';
import type { Place } from './arrange.ts';

/** So far a press may wander and is still a press. */
const slack = 6;
/** Within so many pixels of an edge what lies beyond scrolls in. */
const edge = 48;

export interface Drag {
  customerId: string;
  /** Where it would land; null: nowhere. */
  over: Place | null;
  /** Of the card where it was taken: the picture under the pointer is as large. */
  width: number;
}

interface Grip {
  customerId: string;
  card: HTMLElement;
  x: number;
  y: number;
  began: boolean;
}

/**
 * Takes cards by the mouse or a pen. Fingers scroll: they move cards by the card's menu. What is taken follows the pointer as `ghost`;
 * columns are found by `data-stage`, cards by `data-card`.
 */
export function useDragging(options: {
  enabled: boolean;
  board: RefObject<HTMLElement | null>;
  onDrop: (customerId: string, to: Place) => void;
}) {
  const { enabled, board, onDrop } = options;
  const [drag, setDrag] = useState<Drag | null>(null);
  const ghost = useRef<HTMLDivElement>(null);
  const grip = useRef<Grip | null>(null);
  const at = useRef({ x: 0, y: 0 });
  const over = useRef<Place | null>(null);
  const dragging = drag !== null;

  const place = () => {
    const { x, y } = at.current;
    if (ghost.current) ghost.current.style.transform = `translate(${x + 8}px, ${y + 8}px) rotate(1.5deg)`;
    const next = placeUnder(x, y, grip.current?.customerId ?? '');
    if (next?.stage === over.current?.stage && next?.before === over.current?.before) return;
    over.current = next;
    setDrag((before) => before && { ...before, over: next });
  };

  const end = (drop: boolean) => {
    const held = grip.current;
    const to = over.current;
    grip.current = null;
    over.current = null;
    setDrag(null);
    if (!held?.began) return;
    // The press that ends a drag opens nothing.
    const swallow = (event: MouseEvent) => {
      event.preventDefault();
      event.stopPropagation();
    };
    window.addEventListener('click', swallow, { capture: true, once: true });
    requestAnimationFrame(() => window.removeEventListener('click', swallow, { capture: true }));
    if (drop && to) onDrop(held.customerId, to);
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is taken stays the same until it is dropped
  useEffect(() => {
    if (!dragging) return;
    place();
    let frame = requestAnimationFrame(function scroll() {
      scrollNear(board.current, at.current);
      place();
      frame = requestAnimationFrame(scroll);
    });
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      end(false);
    };
    window.addEventListener('keydown', onKey, { capture: true });
    document.body.style.cursor = 'grabbing';
    return () => {
      cancelAnimationFrame(frame);
      window.removeEventListener('keydown', onKey, { capture: true });
      document.body.style.cursor = '';
    };
  }, [dragging]);

  const handlers = {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (!enabled || event.button !== 0 || event.pointerType === 'touch') return;
      const target = event.target as HTMLElement;
      const name = target.closest<HTMLElement>('[data-card]');
      const card = target.closest<HTMLElement>('[data-slot]');
      if (!name || !card) return;
      grip.current = {
        customerId: name.dataset['card'] ?? '',
        card,
        x: event.clientX,
        y: event.clientY,
        began: false,
      };
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      const held = grip.current;
      if (!held) return;
      at.current = { x: event.clientX, y: event.clientY };
      if (!held.began) {
        if (Math.hypot(event.clientX - held.x, event.clientY - held.y) < slack) return;
        held.began = true;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ customerId: held.customerId, over: null, width: held.card.offsetWidth });
      }
      place();
    },
    onPointerUp: () => end(true),
    onPointerCancel: () => end(false),
  };
  return { drag, ghost, handlers };
}

const isStage = (text: string | undefined): text is AdvocateStage =>
  advocateStages.some((stage) => stage === text);

/** The place that a point on screen means: before the first card whose middle lies below it. */
function placeUnder(x: number, y: number, customerId: string): Place | null {
  const column = document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-stage]');
  const stage = column?.dataset['stage'];
  if (!column || !isStage(stage)) return null;
  for (const card of column.querySelectorAll<HTMLElement>('[data-slot]')) {
    const id = card.dataset['slot'] ?? '';
    if (id === customerId) continue;
    const { top, height } = card.getBoundingClientRect();
    if (y < top + height / 2) return { stage, before: id };
  }
  return { stage, before: null };
}

function scrollNear(board: HTMLElement | null, { x, y }: { x: number; y: number }): void {
  if (!board) return;
  const sides = board.getBoundingClientRect();
  if (x < sides.left + edge) board.scrollBy(-12, 0);
  else if (x > sides.right - edge) board.scrollBy(12, 0);
  const list = document.elementFromPoint(x, y)?.closest('[data-stage]')?.querySelector('[data-scrolls]');
  if (!list) return;
  const { top, bottom } = list.getBoundingClientRect();
  if (y < top + edge) list.scrollBy(0, -10);
  else if (y > bottom - edge) list.scrollBy(0, 10);
}
