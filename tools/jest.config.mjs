import preset from '../jest.preset.mjs';

const slow = process.env.OPPOSABLE_SLOW_TESTS === '1';

/** Of the development scripts, which Node runs as they are. */
export default { ...preset, displayName: 'tools', testMatch: [slow ? '**/*.slow.test.mjs' : '**/*.test.mjs'] };
