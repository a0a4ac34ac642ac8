import preset from '../../jest.tensorflow.mjs';

export default { ...preset, displayName: 'webgpu-kernels' };
