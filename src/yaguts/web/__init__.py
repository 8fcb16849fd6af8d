"""The kitchen screen: pages rendered here, whole without JavaScript, live with it."""
