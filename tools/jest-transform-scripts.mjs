import { withFastGlobals } from './fast-globals.mjs';

/** CommonJS as it is, with `withFastGlobals`: `var`, because a parameter of the same name may be there. */
export default { process: (source) => ({ code: withFastGlobals(source, '"use strict"; var') }) };
