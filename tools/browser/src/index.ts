export { type ChromiumFound, ensureChromium } from './ensure-chromium.js';
