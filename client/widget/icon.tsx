/** @jsxImportSource preact */

const paths = {
  close: 'm6 9 6 6 6-6',
  send: 'm4 20 17-8L4 4l2.5 8L4 20Zm2.5-8H13',
  attach: 'm20 11-8.3 8.3a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7l-8.3 8.2a1.7 1.7 0 0 1-2.4-2.3l7.7-7.7',
  sound: 'M4 9.5v5h3l5 4v-13l-5 4H4Zm12-1a5 5 0 0 1 0 7m2.5-9.5a9 9 0 0 1 0 12',
  muted: 'M4 9.5v5h3l5 4v-13l-5 4H4Zm12 .5 5 4m0-4-5 4',
  file: 'M13 3H6v18h12V8l-5-5Zm0 0v5h5',
  remove: 'm6 6 12 12M18 6 6 18',
  one: 'm5 13 4 4L19 7',
  two: 'm2 13 4 4L15 7M12 16l1.5 1L22 7',
  clock: 'M12 7v5l3 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z',
  down: 'M12 5v14m-6-6 6 6 6-6',
};

export function Icon({
  name,
  size = 20,
  class: look,
}: {
  name: keyof typeof paths;
  size?: number;
  class?: string;
}) {
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" {...(look && { class: look })}>
      <path d={paths[name]} />
    </svg>
  );
}
