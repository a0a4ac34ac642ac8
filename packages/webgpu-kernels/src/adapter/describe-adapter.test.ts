import { describeAdapter } from './describe-adapter.js';

// As Dawn and Chromium report them.
const SWIFTSHADER = {
  vendor: 'google',
  architecture: 'swiftshader',
  device: 'swiftshader-device-subzero-',
  description: 'SwiftShader driver 5.0.0',
  isFallbackAdapter: true,
};

it('describeAdapter tells a graphics card from a program', () => {
  expect(describeAdapter({ info: SWIFTSHADER })).toEqual({ name: 'google swiftshader', isSoftware: true });
  expect(describeAdapter({ info: { ...SWIFTSHADER, isFallbackAdapter: false } }).isSoftware).toBe(true);
  expect(describeAdapter({ isFallbackAdapter: true, info: { vendor: 'x' } })).toEqual({ name: 'x', isSoftware: true });
  expect(describeAdapter({ info: { description: 'llvmpipe (LLVM 15.0.6, 256 bits)' } })).toEqual({
    name: 'llvmpipe (LLVM 15.0.6, 256 bits)',
    isSoftware: true,
  });
  const card = { vendor: 'nvidia', architecture: 'hopper', device: '', description: '', isFallbackAdapter: false };
  expect(describeAdapter({ info: card })).toEqual({ name: 'nvidia hopper', isSoftware: false });
  expect(describeAdapter({})).toEqual({ name: 'unnamed', isSoftware: false });
});
