import { memo, type ReactNode } from 'react';

/** Our own drawings on a 16 × 16 field, by the name that a connector's manifest gives; white on the channel's colour. */
const drawings: Record<string, ReactNode> = {
  sms: (
    <>
      <path d="M3.5 4.500h9v6h-5l-2.500 2v-2h-1.500z" />
      <path d="M6 7.500h.01M8 7.500h.01M10 7.500h.01" strokeWidth="1.800" />
    </>
  ),
  telegram: (
    <>
      <path d="M12.700 3.600 3.300 7.500l3.200 1.200 1.300 3.600 1.900-2.300 2 1.500z" />
      <path d="m6.500 8.700 3.700-2.700" />
    </>
  ),
  email: (
    <>
      <path d="M3.300 4.800h9.400v6.400H3.300z" />
      <path d="m3.500 5.200 4.500 3.600 4.500-3.600" />
    </>
  ),
  webchat: (
    <>
      <path d="M3.300 4h6.400v4.500H6.500l-1.700 1.400V8.500H3.300z" />
      <path d="M11.500 6.500h1.200V11h-1.200v1.400L9.800 11H7.500" />
    </>
  ),
  x: <path d="m4 4 8 8M12 4l-8 8" strokeWidth="1.700" />,
  instagram: (
    <>
      <rect x="3.500" y="3.500" width="9" height="9" rx="2.600" />
      <circle cx="8" cy="8" r="2.100" />
      <path d="M10.600 5.400h.01" strokeWidth="1.600" />
    </>
  ),
  messenger: (
    <>
      <path d="M8 3.500c2.700 0 4.700 1.800 4.700 4.200S10.700 12 8 12c-.500 0-1-.100-1.500-.200L4.800 12.700v-1.900c-1-.800-1.500-1.900-1.500-3.100C3.300 5.300 5.300 3.500 8 3.500z" />
      <path d="m5.600 8.800 1.700-1.900 1.400 1.300 1.700-1.300" />
    </>
  ),
  whatsapp: (
    <>
      <path d="M8 3.500a4.500 4.500 0 1 1-2.200 8.400l-2.300.6.600-2.200A4.500 4.500 0 0 1 8 3.500z" />
      <path d="M6.300 6.500c0 1.800 1.400 3.200 3.300 3.200l.4-1-1.200-.500-.500.500c-.500-.200-.900-.600-1.100-1.100l.500-.500-.500-1.100z" />
    </>
  ),
  bale: (
    <>
      <circle cx="8" cy="8" r="4.600" />
      <path d="m5.900 8.100 1.500 1.500 2.800-3" />
    </>
  ),
  phone: (
    <path d="M5.600 3.600 4 4.300c-.300 4.400 3.300 8 7.700 7.700l.7-1.600-2.200-1.300-1.100.9c-1.300-.600-2.400-1.700-3-3L7 5.900z" />
  ),
};

const fallback = (
  <>
    <circle cx="8" cy="8" r="1.300" />
    <path d="M5.300 10.700a3.800 3.800 0 0 1 0-5.400M10.700 5.300a3.800 3.800 0 0 1 0 5.400" />
  </>
);

export interface ChannelGlyphProps {
  /** `manifest.glyph`; an unknown one is drawn as a plain channel. */
  glyph: string;
  size?: number;
  /** The channel's name, where no words beside it say so. */
  label?: string;
}

export const ChannelGlyph = memo(function ChannelGlyph({ glyph, size = 18, label }: ChannelGlyphProps) {
  return (
    <span
      data-glyph={glyph}
      {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}
      className="inline-grid shrink-0 place-items-center rounded-full bg-(--channel) text-on-channel"
      style={{ width: size, height: size }}
    >
      <svg
        viewBox="0 0 16 16"
        width={size}
        height={size}
        fill="none"
        stroke="currentColor"
        strokeWidth={1.2}
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden
      >
        {drawings[glyph] ?? fallback}
      </svg>
    </span>
  );
});
