/**
 * The bubble's looks. A constructed sheet: a page's `style-src` has nothing to say about it, and nothing of the page's own
 * styles gets in (`!important` inside a shadow root outweighs the page's).
 */
const rules = `
:host{all:initial!important;position:fixed!important;z-index:2147483000!important;bottom:20px!important;right:20px!important;
width:56px!important;height:56px!important}
:host(.left){left:20px!important;right:auto!important}
button{all:unset;position:absolute;inset:0;display:grid;place-items:center;cursor:pointer;border-radius:50%;
background:var(--b);color:var(--t);box-shadow:0 4px 20px rgb(0 0 0/.28)}
button:focus-visible{outline:3px solid #fff;box-shadow:0 0 0 6px #111}
svg{width:26px;fill:none;stroke:currentColor;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}
b{position:absolute;top:-4px;right:-4px;min-width:10px;padding:0 5px;border-radius:10px;
background:#b3261e;color:#fff;font:600 12px/20px system-ui;text-align:center;box-shadow:0 0 0 2px #fff}
b:empty{display:none}
iframe{position:fixed;border:0;right:20px;bottom:88px;width:384px;height:min(640px,100vh - 108px);border-radius:16px;
box-shadow:0 8px 40px rgb(0 0 0/.28);visibility:hidden;opacity:0;transition:opacity .15s}
:host(.left) iframe{right:auto;left:20px}
.shown~iframe{visibility:visible;opacity:1}
@media(max-width:479px){
:host iframe{inset:var(--y,0) 0 auto!important;width:100%;height:var(--h,100dvh);border-radius:0}
.shown.ready{visibility:hidden}
}
@media(prefers-reduced-motion){iframe{transition:none}}
@media print{:host{display:none!important}}
`;
export const sheet = rules.replaceAll('\n', '');
